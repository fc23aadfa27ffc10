use crate::fixture::Office;
use contracts::audit::AuditRecorded;
use db::TenantScope;
use serde_json::{Value, json};

const LOG: &str = "query($f: AuditFilterInput, $n: Int, $a: String) { auditLog(filter: $f, first: $n, after: $a) {
    edges { cursor node { at actorKind actor action object estateId origin } } pageInfo { hasNextPage } } }";

async fn log(office: &Office, variables: Value) -> Value {
    office.send_as("admin", LOG, variables).await.ok()["auditLog"].clone()
}

fn actions(log: &Value) -> Vec<&str> {
    let edges = log["edges"].as_array().unwrap();
    edges.iter().map(|edge| edge["node"]["action"].as_str().unwrap()).collect()
}

async fn create(office: &Office, code: &str) -> String {
    let create = "mutation($i: CreateEstateInput!) { createEstate(input: $i) { estate { id } } }";
    let input = json!({ "i": { "code": code, "name": "x", "address": "y" } });
    let made = office.send_as("admin", create, input).await.ok();
    made["createEstate"]["estate"]["id"].as_str().unwrap().to_owned()
}

#[test]
fn the_log_says_who_did_what_to_which_object_and_from_where() {
    testkit::run(async {
        let office = Office::open().await;
        let (first, second) = (create(&office, "E1").await, create(&office, "E2").await);
        let all = log(&office, json!({ "f": { "action": "estate.created" } })).await;
        let objects: Vec<&Value> =
            all["edges"].as_array().unwrap().iter().map(|edge| &edge["node"]["object"]).collect();
        assert_eq!(objects.len(), 2);
        let one = log(&office, json!({ "f": { "object": first } })).await;
        let node = &one["edges"][0]["node"];
        assert_eq!(node["actor"], office.user("admin").as_str());
        assert_eq!(
            (node["actorKind"].as_str(), node["action"].as_str()),
            (Some("staff"), Some("estate.created"))
        );
        assert_eq!(
            (node["estateId"].as_str(), node["origin"].as_str()),
            (Some(&*first), Some(&*office.address))
        );
        let filter = json!({ "f": { "estateId": second, "actor": office.user("admin") } });
        assert_eq!(actions(&log(&office, filter).await), ["estate.created"]);
        let nobody = log(&office, json!({ "f": { "actor": office.user("nobody") } })).await;
        assert_eq!(actions(&nobody), [""; 0]);
        let future = office.world.clock.now() + chrono::Duration::days(1);
        assert_eq!(actions(&log(&office, json!({ "f": { "from": future } })).await), [""; 0]);
        let past = office.world.clock.now() - chrono::Duration::days(1);
        assert_eq!(actions(&log(&office, json!({ "f": { "before": past } })).await), [""; 0]);
    });
}

#[test]
fn the_log_is_paged_without_gaps_and_for_those_who_may() {
    testkit::run(async {
        let office = Office::open().await;
        for code in ["E1", "E2", "E3"] {
            create(&office, code).await;
        }
        let filter = json!({ "action": "estate.created" });
        let mut seen = Vec::new();
        let mut after = json!(null);
        loop {
            let page = log(&office, json!({ "f": filter, "n": 2, "a": after })).await;
            for edge in page["edges"].as_array().unwrap() {
                seen.push(edge["node"]["object"].to_string());
                after = edge["cursor"].clone();
            }
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 3);
        assert_eq!(office.send_as("desk", LOG, json!({})).await.code(), "NOT_FOUND");
        let other = Office::open().await;
        assert!(!log(&other, json!({})).await.to_string().contains(&office.user("admin")));
    });
}

async fn write(office: &Office) -> TenantScope {
    office.context().db.write(office.seeded.tenant).await.unwrap()
}

#[test]
fn nobody_changes_or_deletes_a_row_of_the_log() {
    testkit::run(async {
        let office = Office::open().await;
        create(&office, "E1").await;
        for sql in [
            "UPDATE audit_log SET actor = 'somebody else' WHERE tenant_id = $1",
            "DELETE FROM audit_log WHERE tenant_id = $1",
        ] {
            let scope = write(&office).await;
            assert!(scope.execute(sql, []).await.is_err(), "{sql}");
        }
        assert_eq!(
            actions(&log(&office, json!({ "f": { "action": "estate.created" } })).await).len(),
            1
        );
    });
}

#[test]
fn other_services_logs_are_collected() {
    testkit::run(async {
        let office = Office::open().await;
        let recorded = AuditRecorded {
            id: office.world.clock.uuid(),
            at: office.world.clock.now(),
            actor_kind: "staff".to_owned(),
            actor: office.user("desk"),
            action: "payment.taken".to_owned(),
            object: "pay_1".to_owned(),
            estate: Some(office.estate("FCH")),
            reason: None,
            detail: "{}".to_owned(),
            origin: "10.0.0.1".to_owned(),
        };
        let event = db::StoredEvent {
            position: 1,
            tenant: office.seeded.tenant.as_uuid(),
            id: office.world.clock.uuid(),
            kind: "audit_recorded".to_owned(),
            version: 1,
            aggregate: "pay_1".to_owned(),
            payload: serde_json::to_string(&recorded).unwrap(),
            traceparent: None,
            occurred_at: recorded.at,
        };
        for subscription in super::subscriptions().iter().take(1) {
            let scope = write(&office).await;
            subscription.handler.handle(&scope, &event).await.unwrap();
            scope.commit().await.unwrap();
        }
        let found = log(&office, json!({ "f": { "object": "pay_1" } })).await;
        assert_eq!(actions(&found), ["payment.taken"]);
    });
}
