use crate::fixture::Office;
use serde_json::{Value, json};

const GRANT: &str =
    "mutation($i: GrantRoleInput!) { grantRole(input: $i) { grant { id role estateId } } }";
const CREATE: &str = "mutation($i: CreateRoleInput!) { createRole(input: $i) { role { code permissions { permission } } } }";
const UPDATE: &str = "mutation($i: UpdateRoleInput!) { updateRole(input: $i) { role { code } } }";
const DELETE: &str = "mutation($i: DeleteRoleInput!) { deleteRole(input: $i) { code } }";
const REVOKE: &str = "mutation($i: RevokeRoleInput!) { revokeRole(input: $i) { grant { id } } }";
const EXPLAIN: &str = "query($u: ID!, $p: String!, $e: ID) { explainAccess(userId: $u, permission: $p, estateId: $e) { allowed grants { role } } }";

fn role(code: &str, permissions: &[&str]) -> Value {
    let rights: Vec<Value> =
        permissions.iter().map(|name| json!({ "permission": name, "reach": "ALL" })).collect();
    json!({ "i": { "code": code, "name": "查询", "permissions": rights } })
}

fn give(office: &Office, user: &str, role: &str, estate: Option<&str>) -> Value {
    let estate = estate.map(|code| office.estate(code).to_string());
    json!({ "i": { "userId": office.user(user), "role": role, "estateId": estate } })
}

#[test]
fn a_company_makes_a_role_of_its_own_and_gives_it() {
    testkit::run(async {
        let office = Office::open().await;
        let admin = office.sign_in("admin").await.access;
        office.send(&admin, CREATE, role("READER", &["estate.read", "unit.read"])).await.ok();
        let twice = office.send(&admin, CREATE, role("READER", &["unit.read"])).await;
        assert_eq!((twice.code(), twice.field()), ("INVALID", "code"));
        let template = office.send(&admin, CREATE, role("DESK", &["unit.read"])).await;
        assert_eq!(template.field(), "code");
        let unknown = office.send(&admin, CREATE, role("X1", &["unit.eat"])).await;
        assert_eq!(unknown.field(), "permissions");
        let both = office.send(&admin, CREATE, role("X2", &["fee.propose", "fee.approve"])).await;
        assert!(both.message().contains("two people"));

        let given = office.send(&admin, GRANT, give(&office, "nobody", "READER", Some("AJ"))).await;
        let grant = given.ok()["grantRole"]["grant"]["id"].clone();
        office.policy_reached().await;
        let list = "{ estates { edges { node { code } } } }";
        let seen = office.send_as("nobody", list, json!({})).await.ok();
        assert_eq!(seen["estates"]["edges"], json!([{ "node": { "code": "AJ" } }]));
        let held = office.send(&admin, DELETE, json!({ "i": { "code": "READER" } })).await;
        assert_eq!(held.code(), "CONFLICT");

        office.send(&admin, UPDATE, role("READER", &["unit.read"])).await.ok();
        office.policy_reached().await;
        let seen = office.send_as("nobody", list, json!({})).await.ok();
        assert_eq!(seen["estates"]["edges"], json!([]));
        office.send(&admin, REVOKE, json!({ "i": { "grantId": grant } })).await.ok();
        office.send(&admin, DELETE, json!({ "i": { "code": "READER" } })).await.ok();
        let gone = office.send(&admin, UPDATE, role("READER", &["unit.read"])).await;
        assert_eq!((gone.code(), gone.message()), ("NOT_FOUND", "not found"));
    });
}

#[test]
fn nobody_grants_rights_to_themselves_and_the_last_administrator_stays() {
    testkit::run(async {
        let office = Office::open().await;
        let admin = office.sign_in("admin").await.access;
        let own = office.send(&admin, GRANT, give(&office, "admin", "CFIN", None)).await;
        assert_eq!(own.code(), "FORBIDDEN");
        assert!(own.message().contains("separation of duties"));
        let list = "{ staff { edges { node { login grants { id role } } } } }";
        let staff = office.send(&admin, list, json!({})).await.ok();
        let edges = staff["staff"]["edges"].as_array().unwrap();
        let mine = edges.iter().find(|edge| edge["node"]["login"] == "admin").unwrap();
        let input = json!({ "i": { "grantId": mine["node"]["grants"][0]["id"] } });
        assert_eq!(office.send(&admin, REVOKE, input.clone()).await.code(), "CONFLICT");
        office.send(&admin, GRANT, give(&office, "director", "CADM", None)).await.ok();
        office.send(&admin, REVOKE, input).await.ok();
    });
}

#[test]
fn a_role_that_comes_with_the_person_is_not_given_and_only_administrators_give() {
    testkit::run(async {
        let office = Office::open().await;
        let admin = office.sign_in("admin").await.access;
        for code in ["PLAT", "OWN", "OCC", "CTR", "NOSUCH"] {
            let answer = office.send(&admin, GRANT, give(&office, "desk", code, None)).await;
            assert_eq!((answer.code(), answer.field()), ("INVALID", "role"), "{code}");
        }
        let other = Office::open().await;
        let mut foreign = give(&office, "desk", "CASH", None);
        foreign["i"]["userId"] = json!(other.user("desk"));
        assert_eq!(office.send(&admin, GRANT, foreign).await.code(), "NOT_FOUND");
        let mut foreign = give(&office, "desk", "CASH", None);
        foreign["i"]["estateId"] = json!(other.estate("FCH").to_string());
        assert_eq!(office.send(&admin, GRANT, foreign).await.code(), "NOT_FOUND");
        let mut malformed = give(&office, "desk", "CASH", None);
        malformed["i"]["estateId"] = json!("usr_1");
        let malformed = office.send(&admin, GRANT, malformed).await;
        assert_eq!((malformed.code(), malformed.field()), ("INVALID", "estateId"));
        let director = office.send_as("director", GRANT, give(&office, "desk", "CASH", None)).await;
        assert_eq!(director.code(), "FORBIDDEN");
    });
}

#[test]
fn casbin_explains_why_somebody_may() {
    testkit::run(async {
        let office = Office::open().await;
        let ask = |user: &str, permission: &str, estate: &str| {
            json!({ "u": office.user(user), "p": permission,
                    "e": office.estate(estate).to_string() })
        };
        let admin = office.sign_in("admin").await.access;
        let here = office.send(&admin, EXPLAIN, ask("desk", "payment.take", "FCH")).await.ok();
        let expected = json!({ "allowed": true, "grants": [{ "role": "DESK" }] });
        assert_eq!(here["explainAccess"], expected);
        let there = office.send(&admin, EXPLAIN, ask("desk", "payment.take", "AJ")).await.ok();
        assert_eq!(there["explainAccess"], json!({ "allowed": false, "grants": [] }));
        let company = office.send(&admin, EXPLAIN, ask("admin", "estate.manage", "AJ")).await.ok();
        assert_eq!(company["explainAccess"]["allowed"], true);
        let unknown = office.send(&admin, EXPLAIN, ask("desk", "unit.eat", "FCH")).await;
        assert_eq!(unknown.field(), "permission");
        let denied = office.send_as("desk", EXPLAIN, ask("desk", "unit.read", "FCH")).await;
        assert_eq!(denied.code(), "NOT_FOUND");
        let other = Office::open().await;
        let foreign = other.send_as("admin", EXPLAIN, ask("desk", "unit.read", "FCH")).await;
        assert_eq!(foreign.code(), "NOT_FOUND");
    });
}
