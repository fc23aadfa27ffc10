use crate::fixture::Office;
use serde_json::{Value, json};

const CREATE: &str = "mutation($i: CreateEstateInput!) { createEstate(input: $i) { estate { id code name timeZone currency } } }";
const UPDATE: &str = "mutation($i: UpdateEstateInput!) { updateEstate(input: $i) { estate { id name contractTo } } }";
const ONE: &str = "query($id: ID!) { estate(id: $id) { id code name } }";

fn estate(code: &str, name: &str) -> Value {
    json!({ "i": { "code": code, "name": name, "address": "合肥" } })
}

#[test]
fn an_administrator_creates_and_changes_an_estate_and_others_hear_of_it() {
    testkit::run(async {
        let office = Office::open().await;
        let admin = office.sign_in("admin").await.access;
        let made = office.send(&admin, CREATE, estate("NEW", "新苑")).await.ok();
        let made = &made["createEstate"]["estate"];
        assert_eq!(
            (made["timeZone"].as_str(), made["currency"].as_str()),
            (Some("Asia/Shanghai"), Some("CNY"))
        );
        let input = json!({ "i": { "id": made["id"], "name": "新苑二期", "address": "合肥", "contractTo": "2028-06-30" } });
        let changed = office.send(&admin, UPDATE, input).await.ok();
        assert_eq!(changed["updateEstate"]["estate"]["name"], "新苑二期");
        assert_eq!(changed["updateEstate"]["estate"]["contractTo"], "2028-06-30");

        let db = &office.context().db;
        db.worker().place_events().await.unwrap();
        let mut told = Vec::new();
        let mut after = 0;
        loop {
            let page = db.events_after(after, 1_000).await.unwrap();
            let Some(last) = page.last() else { break };
            after = last.position;
            told.extend(page.into_iter().filter(|event| {
                event.tenant == office.seeded.tenant.as_uuid()
                    && event.kind == "identity.estate_changed"
            }));
        }
        let about: Vec<&str> = told.iter().map(|event| event.aggregate.as_str()).collect();
        assert_eq!(about.iter().filter(|id| **id == made["id"]).count(), 2);
    });
}

#[test]
fn a_wrong_field_is_named_and_a_code_is_used_once() {
    testkit::run(async {
        let office = Office::open().await;
        let admin = office.sign_in("admin").await.access;
        let twice = office.send(&admin, CREATE, estate("FCH", "又一个")).await;
        assert_eq!((twice.code(), twice.field()), ("INVALID", "code"));
        let mut input = estate("ZONE", "x");
        input["i"]["timeZone"] = json!("Hefei");
        assert_eq!(office.send(&admin, CREATE, input).await.field(), "timeZone");
        assert_eq!(
            Office::open().await.send_as("admin", CREATE, estate("ONLY", "甲")).await.errors.len(),
            0
        );
        assert_eq!(office.send(&admin, CREATE, estate("ONLY", "乙")).await.errors.len(), 0);
    });
}

#[test]
fn an_estate_one_may_not_know_of_reads_like_a_missing_one() {
    testkit::run(async {
        let (office, other) = (Office::open().await, Office::open().await);
        let desk = office.sign_in("desk").await.access;
        let mine = json!({ "id": office.estate("FCH").to_string() });
        assert_eq!(office.send(&desk, ONE, mine).await.ok()["estate"]["code"], "FCH");
        let foreign = [
            office.estate("AJ").to_string(),
            other.estate("FCH").to_string(),
            ids::EstateId::from_uuid(office.world.clock.uuid()).to_string(),
        ];
        for id in foreign {
            let answer = office.send(&desk, ONE, json!({ "id": id })).await;
            assert_eq!((answer.code(), answer.message()), ("NOT_FOUND", "not found"));
        }
        let malformed = office.send(&desk, ONE, json!({ "id": "est_1" })).await;
        assert_eq!((malformed.code(), malformed.field()), ("INVALID", "id"));
        assert_eq!(office.send(&desk, CREATE, estate("DESK", "x")).await.code(), "FORBIDDEN");
        let change = |id: String| json!({ "i": { "id": id, "name": "x", "address": "y" } });
        let seen = office.send(&desk, UPDATE, change(office.estate("FCH").to_string())).await;
        assert_eq!(seen.code(), "FORBIDDEN");
        let hidden = office.send(&desk, UPDATE, change(office.estate("AJ").to_string())).await;
        assert_eq!(hidden.code(), "NOT_FOUND");
        let admin = office.sign_in("admin").await.access;
        let foreign = office.send(&admin, UPDATE, change(other.estate("AJ").to_string())).await;
        assert_eq!(foreign.code(), "NOT_FOUND");
        assert_eq!(
            office.world.anonymous("identity", ONE, json!({ "id": "est_1" })).await.code(),
            "UNAUTHENTICATED"
        );
    });
}

#[test]
fn other_services_references_are_resolved_in_one_query() {
    testkit::run(async {
        let office = Office::open().await;
        let admin = office.sign_in("admin").await.access;
        let document =
            "query($r: [_Any!]!) { _entities(representations: $r) { ... on Estate { code } } }";
        let reference =
            |code: &str| json!({ "__typename": "Estate", "id": office.estate(code).to_string() });
        let before = office.context().db.statements();
        let one = office.send(&admin, document, json!({ "r": [reference("FCH")] })).await.ok();
        let cost = office.context().db.statements() - before;
        assert_eq!(one["_entities"], json!([{ "code": "FCH" }]));
        let many: Vec<Value> =
            (0..40).map(|n| reference(if n % 2 == 0 { "FCH" } else { "AJ" })).collect();
        let before = office.context().db.statements();
        let answer = office.send(&admin, document, json!({ "r": many })).await.ok();
        let grown = office.context().db.statements() - before;
        assert_eq!(answer["_entities"].as_array().unwrap().len(), 40);
        assert_eq!(answer["_entities"][1]["code"], "AJ");
        // Other tests share the counter; forty queries more would still show.
        assert!(grown < cost + 40, "{cost} statements for one, {grown} for forty");
    });
}

#[test]
fn a_long_list_is_paged() {
    testkit::run(async {
        let office = Office::open().await;
        let admin = office.sign_in("admin").await.access;
        let list = "query($a: String) { estates(first: 1, after: $a) { edges { cursor node { code } } pageInfo { hasNextPage } } }";
        let first = office.send(&admin, list, json!({})).await.ok();
        assert_eq!(first["estates"]["edges"][0]["node"]["code"], "AJ");
        assert_eq!(first["estates"]["pageInfo"]["hasNextPage"], true);
        let after = json!({ "a": first["estates"]["edges"][0]["cursor"] });
        let second = office.send(&admin, list, after).await.ok();
        assert_eq!(second["estates"]["edges"][0]["node"]["code"], "FCH");
        assert_eq!(second["estates"]["pageInfo"]["hasNextPage"], false);
    });
}
