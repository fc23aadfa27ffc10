use crate::fixture::{Office, own_world};
use chrono::Duration;
use serde_json::{Value, json};

const CREATE: &str = "mutation($i: CreateApiClientInput!) { createApiClient(input: $i) { apiClient { id } clientSecret } }";
const REVOKE: &str = "mutation($i: RevokeApiClientInput!) { revokeApiClient(input: $i) { apiClient { revokedAt } } }";
const ESTATES: &str = "{ estates { edges { node { code } } } }";

fn client(office: &Office, days: i64, per_minute: i32) -> Value {
    let until = office.world.clock.now() + Duration::days(days);
    json!({ "i": { "name": "ERP", "expiresAt": until, "perMinute": per_minute,
                   "roles": [{ "role": "DIR", "estateId": office.estate("AJ").to_string() }] } })
}

async fn create(office: &Office, input: Value) -> Value {
    let made = office.send_as("admin", CREATE, input).await.ok();
    office.policy_reached().await;
    let made = &made["createApiClient"];
    json!({ "clientId": made["apiClient"]["id"], "clientSecret": made["clientSecret"] })
}

async fn token(office: &Office, credentials: &Value) -> (u16, String) {
    let (status, body) = office.post("/auth/client-token", credentials.clone()).await;
    (status, body["accessToken"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn a_program_acts_within_its_roles_until_it_is_revoked() {
    testkit::run(async {
        let office = Office::open().await;
        let credentials = create(&office, client(&office, 30, 100)).await;
        let (status, access) = token(&office, &credentials).await;
        assert_eq!(status, 200);
        let seen = office.send(&access, ESTATES, json!({})).await.ok();
        assert_eq!(seen["estates"]["edges"], json!([{ "node": { "code": "AJ" } }]));
        let mut wrong = credentials.clone();
        wrong["clientId"] = json!(office.user("desk"));
        assert_eq!(token(&office, &wrong).await.0, 401);
        let input = json!({ "i": { "id": credentials["clientId"] } });
        assert_eq!(office.send_as("desk", REVOKE, input.clone()).await.code(), "FORBIDDEN");
        let foreign = Office::open().await.send_as("admin", REVOKE, input.clone()).await;
        assert_eq!(foreign.code(), "NOT_FOUND");
        office.send_as("admin", REVOKE, input).await.ok();
        office.policy_reached().await;
        assert_eq!(office.send(&access, ESTATES, json!({})).await.code(), "UNAUTHENTICATED");
        assert_eq!(token(&office, &credentials).await.0, 401);
    });
}

#[test]
fn a_program_has_a_rate_limit_and_an_end_of_its_own() {
    testkit::run(async {
        let office = Office::open_in(own_world().await).await;
        let credentials = create(&office, client(&office, 1, 3)).await;
        let (_, access) = token(&office, &credentials).await;
        for _ in 0..3 {
            office.send(&access, ESTATES, json!({})).await.ok();
        }
        let over = office.send(&access, ESTATES, json!({})).await;
        assert_eq!(over.code(), "RATE_LIMITED");
        assert_eq!(over.errors[0]["extensions"]["retryAfterSeconds"], 60);
        office.send_as("admin", ESTATES, json!({})).await.ok();
        office.world.clock.advance(Duration::seconds(61));
        office.send(&access, ESTATES, json!({})).await.ok();
        office.world.clock.advance(Duration::days(1));
        assert_eq!(token(&office, &credentials).await.0, 401);
    });
}

#[test]
fn a_client_without_end_or_with_the_platforms_role_is_refused() {
    testkit::run(async {
        let office = Office::open().await;
        let admin = office.sign_in("admin").await.access;
        let field =
            async |input: Value| office.send(&admin, CREATE, input).await.field().to_owned();
        assert_eq!(field(client(&office, 400, 10)).await, "expiresAt");
        assert_eq!(field(client(&office, 10, 0)).await, "perMinute");
        let mut platform = client(&office, 10, 10);
        platform["i"]["roles"][0]["role"] = json!("PLAT");
        assert_eq!(field(platform).await, "role");
        let mut none = client(&office, 10, 10);
        none["i"]["roles"] = json!([]);
        assert_eq!(field(none).await, "roles");
        let list = "{ apiClients { id } }";
        assert_eq!(office.send(&admin, list, json!({})).await.ok()["apiClients"], json!([]));
    });
}
