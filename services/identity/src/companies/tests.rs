use super::{change_state::change_state, operators, usage::usage};
use crate::{
    Passwords,
    fixture::{Office, PASSWORD, Tokens},
};
use authz::{Actor, TenantState};
use axum::http::StatusCode;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

const ACTOR: Actor<'static> = Actor { kind: "operator", id: "test", origin: "test" };

/// An operator of this test and the header that proves it.
pub async fn operator(office: &Office) -> String {
    let name = format!("op-{}", office.world.clock.uuid().simple());
    let passwords = Passwords::from_config(&office.context().config).unwrap();
    operators::put(&office.context().db, &passwords, &name, PASSWORD.to_owned()).await.unwrap();
    format!("Basic {}", STANDARD.encode(format!("{name}:{PASSWORD}")))
}

async fn call(
    office: &Office,
    method: &str,
    path: &str,
    proof: &str,
    body: Value,
) -> (StatusCode, Value) {
    let response = office.http(method, path, &[("authorization", proof)], &body).await;
    (response.status(), serde_json::from_slice(response.body()).unwrap_or_default())
}

#[test]
fn an_operator_creates_a_company_whose_administrator_sets_the_password() {
    testkit::run(async {
        let office = Office::open().await;
        let proof = operator(&office).await;
        let code = format!("new-{}", &office.code[2..12]);
        let body =
            json!({ "code": code, "name": "安居物业", "adminLogin": "boss", "adminName": "吴总" });
        let path = "/auth/platform/companies";
        let (status, made) = call(&office, "POST", path, &proof, body.clone()).await;
        assert_eq!(status, StatusCode::CREATED);
        let (status, twice) = call(&office, "POST", path, &proof, body.clone()).await;
        assert_eq!((status.as_u16(), twice["error"]["field"].as_str()), (422, Some("code")));
        let wrong = format!("Basic {}", STANDARD.encode("op:wrong"));
        assert_eq!(call(&office, "POST", path, &wrong, body).await.0, StatusCode::UNAUTHORIZED);

        let reset = json!({ "token": made["passwordToken"], "password": PASSWORD });
        assert_eq!(office.post("/auth/password-reset", reset).await.0, 204);
        let body = json!({ "company": code, "login": "boss", "password": PASSWORD });
        let (_, tokens) = office.post("/auth/session?mode=token", body).await;
        office.policy_reached().await;
        let viewer = "{ viewer { permissions } company { name state } }";
        let viewer = office.send(&Tokens::read(&tokens).access, viewer, json!({})).await.ok();
        assert_eq!(viewer["company"], json!({ "name": "安居物业", "state": "ACTIVE" }));
        let held = viewer["viewer"]["permissions"].as_array().unwrap();
        assert!(held.contains(&json!("estate.manage")));
        assert!(!held.contains(&json!("payment.take")), "an administrator posts no payments");
    });
}

#[test]
fn a_suspended_company_reads_but_does_not_write_and_a_closed_one_is_shut() {
    testkit::run(async {
        let office = Office::open().await;
        let proof = operator(&office).await;
        let admin = office.sign_in("admin").await;
        let path = format!("/auth/platform/companies/{}/state", office.code);
        let set = |state: &str| json!({ "state": state, "reason": "unpaid" });
        let (status, _) = call(&office, "POST", &path, &proof, set("Suspended")).await;
        assert_eq!(status, StatusCode::NO_CONTENT);
        office.policy_reached().await;
        let list = "{ estates { edges { node { code } } } company { state } }";
        let seen = office.send(&admin.access, list, json!({})).await.ok();
        assert_eq!(seen["company"]["state"], "SUSPENDED");
        assert_eq!(office.try_sign_in("admin", PASSWORD).await.0, 200);
        let create = "mutation { createEstate(input: { code: \"NEW\", name: \"x\", address: \"y\" }) { estate { id } } }";
        let add = "mutation { addStaff(input: { login: \"new\", name: \"x\" }) { passwordToken } }";
        for write in [create, add] {
            assert_eq!(office.send(&admin.access, write, json!({})).await.code(), "SUSPENDED");
        }
        call(&office, "POST", &path, &proof, set("Active")).await;
        office.policy_reached().await;
        office.send(&admin.access, create, json!({})).await.ok();
        call(&office, "POST", &path, &proof, set("Closed")).await;
        office.policy_reached().await;
        assert_eq!(office.send(&admin.access, list, json!({})).await.code(), "UNAUTHENTICATED");
        assert_eq!(office.try_sign_in("admin", PASSWORD).await.0, 401);
        let body = json!({ "refreshToken": admin.refresh });
        assert_eq!(office.post("/auth/session/refresh", body).await.0, 401);
        let db = &office.context().db;
        let again = change_state(db, ACTOR, &office.code, TenantState::Active, "x").await;
        assert_eq!(again.unwrap_err().to_string(), "a closed company stays closed");
    });
}

#[test]
fn usage_counts_units_once_and_staff_and_storage() {
    testkit::run(async {
        let office = Office::open().await;
        let units = [office.world.clock.uuid(), office.world.clock.uuid()];
        let scope = office.context().db.write(office.seeded.tenant).await.unwrap();
        super::repo::count_units(&scope, units.to_vec()).await.unwrap();
        super::repo::count_units(&scope, units[..1].to_vec()).await.unwrap();
        super::repo::add_storage(&scope, 1_000).await.unwrap();
        super::repo::add_storage(&scope, 234).await.unwrap();
        scope.commit().await.unwrap();
        let all = usage(&office.context().db).await.unwrap();
        let mine = all.iter().find(|each| each.code == office.code).unwrap();
        assert_eq!((mine.units, mine.staff, mine.estates, mine.state), (2, 4, 2, "active"));
        assert_eq!(mine.storage_bytes, 1_234);
    });
}

#[test]
fn seeding_twice_changes_nothing() {
    testkit::run(async {
        use crate::seed::{SeedCompany, SeedStaff, company};
        let office = Office::open().await;
        let context = office.context();
        let passwords = Passwords::from_config(&context.config).unwrap();
        let admin =
            SeedStaff { login: "admin", name: "别人", password: "other password", roles: vec![] };
        let seed =
            SeedCompany { code: &office.code, name: "x", estates: vec![], staff: vec![admin] };
        let again = company(&context.db, &passwords, &seed).await.unwrap();
        assert_eq!(again.tenant, office.seeded.tenant);
        assert_eq!(again.estates, office.seeded.estates);
        assert_eq!(again.staff["admin"], office.seeded.staff["admin"]);
        assert_eq!(office.try_sign_in("admin", PASSWORD).await.0, 200);
    });
}
