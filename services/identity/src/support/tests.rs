use crate::{
    companies::tests::operator,
    fixture::{Office, own_world},
};
use chrono::Duration;
use serde_json::{Value, json};

const APPROVE: &str =
    "mutation($i: ApproveSupportInput!) { approveSupport(input: $i) { supportGrant { until } } }";
const END: &str =
    "mutation($i: EndSupportInput!) { endSupport(input: $i) { supportGrant { endedAt } } }";

async fn platform(office: &Office, proof: &str, what: &str, body: Value) -> (u16, Value) {
    let path = format!("/auth/platform/companies/{}/{what}", office.code);
    let response = office.http("POST", &path, &[("authorization", proof)], &body).await;
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap_or_default())
}

#[test]
fn an_operator_looks_in_only_with_leave_for_a_while_and_on_record() {
    testkit::run(async {
        let office = Office::open_in(own_world().await).await;
        let proof = operator(&office).await;
        let ask = json!({ "reason": "bill run fails", "hours": 2 });
        let (status, asked) = platform(&office, &proof, "support", ask).await;
        assert_eq!(status, 201);
        assert_eq!(platform(&office, &proof, "support/session", json!(null)).await.0, 404);
        let input = json!({ "i": { "id": asked["supportGrant"] } });
        assert_eq!(office.send_as("desk", APPROVE, input.clone()).await.code(), "FORBIDDEN");
        let other = Office::open_in(std::sync::Arc::clone(&office.world)).await;
        assert_eq!(other.send_as("admin", APPROVE, input.clone()).await.code(), "NOT_FOUND");
        office.send_as("admin", APPROVE, input.clone()).await.ok();
        assert_eq!(office.send_as("admin", APPROVE, input.clone()).await.code(), "CONFLICT");
        office.policy_reached().await;
        let stranger = operator(&office).await;
        assert_eq!(platform(&office, &stranger, "support/session", json!(null)).await.0, 404);
        let (status, session) = platform(&office, &proof, "support/session", json!(null)).await;
        assert_eq!(status, 200);
        let token = session["accessToken"].as_str().unwrap();
        let list = "{ viewer { kind } estates { edges { node { code } } } }";
        let seen = office.send(token, list, json!({})).await.ok();
        assert_eq!(seen["viewer"]["kind"], "SUPPORT");
        assert_eq!(seen["estates"]["edges"].as_array().unwrap().len(), 2);
        let write = "mutation { createEstate(input: { code: \"NEW\", name: \"x\", address: \"y\" }) { estate { id } } }";
        assert_eq!(office.send(token, write, json!({})).await.code(), "FORBIDDEN");
        let log = "{ auditLog { edges { node { action } } } }";
        let log = office.send_as("admin", log, json!({})).await.ok().to_string();
        for action in ["support.requested", "support.approved", "support.session_opened"] {
            assert!(log.contains(action), "{action}");
        }
        office.send_as("admin", END, input).await.ok();
        office.policy_reached().await;
        assert_eq!(office.send(token, list, json!({})).await.code(), "UNAUTHENTICATED");
    });
}

#[test]
fn leave_ends_by_itself_and_is_never_longer_than_four_hours() {
    testkit::run(async {
        let office = Office::open_in(own_world().await).await;
        let proof = operator(&office).await;
        let long = json!({ "reason": "x", "hours": 5 });
        assert_eq!(platform(&office, &proof, "support", long).await.0, 422);
        let ask = json!({ "reason": "x", "hours": 1 });
        let (_, asked) = platform(&office, &proof, "support", ask).await;
        let input = json!({ "i": { "id": asked["supportGrant"] } });
        office.send_as("admin", APPROVE, input).await.ok();
        office.policy_reached().await;
        office.world.clock.advance(Duration::minutes(55));
        let (_, session) = platform(&office, &proof, "support/session", json!(null)).await;
        let token = session["accessToken"].as_str().unwrap();
        let list = "{ estates { edges { node { code } } } }";
        office.send(token, list, json!({})).await.ok();
        office.world.clock.advance(Duration::minutes(6));
        assert_eq!(office.send(token, list, json!({})).await.code(), "UNAUTHENTICATED");
    });
}
