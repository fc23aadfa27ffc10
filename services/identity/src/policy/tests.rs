use super::page::page;
use crate::{app::Identity, fixture::Office};
use authz::TenantState;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const ESTATES: &str = "{ estates { edges { node { code } } } }";

async fn get(office: &Office, path: &str) -> Value {
    let response = office.http("GET", path, &[], &json!(null)).await;
    assert_eq!(response.status(), 200);
    serde_json::from_slice(response.body()).unwrap()
}

#[test]
fn a_removed_right_is_refused_within_a_second() {
    testkit::run(async {
        let office = Office::open().await;
        let (admin, desk) = (office.sign_in("admin").await, office.sign_in("desk").await);
        let codes = office.send(&desk.access, ESTATES, json!({})).await.ok();
        assert_eq!(codes["estates"]["edges"].as_array().unwrap().len(), 1);
        let staff = "{ staff { edges { node { login grants { id } } } } }";
        let staff = office.send(&admin.access, staff, json!({})).await.ok();
        let edges = staff["staff"]["edges"].as_array().unwrap();
        let desks = edges.iter().find(|edge| edge["node"]["login"] == "desk").unwrap();
        let grant = &desks["node"]["grants"][0]["id"];
        let revoke = "mutation($i: RevokeRoleInput!) { revokeRole(input: $i) { grant { id } } }";
        let input = json!({ "i": { "grantId": grant } });
        office.send(&admin.access, revoke, input).await.ok();
        let since = Instant::now();
        testkit::eventually("the desk sees nothing", || async {
            let seen = office.send(&desk.access, ESTATES, json!({})).await.ok();
            seen["estates"]["edges"].as_array().unwrap().is_empty()
        })
        .await;
        assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
    });
}

#[test]
fn a_poll_waits_for_the_next_change_and_then_has_it_whole() {
    testkit::run(async {
        let office = Office::open().await;
        let everything = get(&office, "/internal/policy?after=0").await;
        let tenant = office.seeded.tenant.to_string();
        let tenants = everything["tenants"].as_array().unwrap();
        let mine = tenants.iter().find(|each| each["tenant"] == tenant.as_str()).unwrap();
        assert_eq!(mine["grants"].as_array().unwrap().len(), 3);
        assert_eq!(everything["templates"].as_array().unwrap().len(), 20);
        assert_eq!(everything["keys"].as_array().unwrap().len(), 1);

        let head = super::head(&office.context().db).await.unwrap();
        let path = format!("/internal/policy?after={head}");
        let (page, ()) = tokio::join!(get(&office, &path), async {
            let scope = office.context().db.write(office.seeded.tenant).await.unwrap();
            super::bump(&scope).await.unwrap();
            scope.commit().await.unwrap();
        });
        assert!(page["version"].as_i64().unwrap() > head);
        let tenants = page["tenants"].as_array().unwrap();
        assert!(tenants.iter().any(|each| each["tenant"] == tenant.as_str()));
    });
}

#[test]
fn a_reader_from_before_a_restore_gets_everything() {
    testkit::run(async {
        let office = Office::open().await;
        let identity = Identity::new(office.context()).unwrap();
        let page = page(&identity, i64::MAX).await.unwrap();
        assert!(page.version < i64::MAX);
        let mine = page.tenants.iter().find(|each| each.tenant == office.seeded.tenant).unwrap();
        assert_eq!(mine.state, TenantState::Active);
    });
}

#[test]
fn the_published_key_verifies_a_token_and_a_new_key_signs_later() {
    testkit::run(async {
        let office = Office::open_in(crate::fixture::own_world().await).await;
        let keys = get(&office, "/auth/jwks").await;
        let key = &keys["keys"][0];
        assert_eq!((key["kty"].as_str(), key["crv"].as_str()), (Some("OKP"), Some("Ed25519")));
        let token = office.sign_in("desk").await.access;
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.validate_exp = false;
        let read = |token: &str, key: &Value| {
            let public = DecodingKey::from_ed_components(key["x"].as_str().unwrap()).unwrap();
            decode::<Value>(token, &public, &rules).map(|token| token.claims)
        };
        let claims = read(&token, key).unwrap();
        assert_eq!(claims["cmp"], office.seeded.tenant.to_string().as_str());
        assert!(claims.get("grants").is_none());

        let identity = Identity::new(office.context()).unwrap();
        identity.keys.rotate().await.unwrap();
        let keys = get(&office, "/auth/jwks").await;
        assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
        let still = office.sign_in("desk").await.access;
        assert!(read(&still, key).is_ok(), "the old key signs until everybody knows the new one");
        office.world.clock.advance(chrono::Duration::minutes(2));
        let later = office.sign_in("desk").await.access;
        assert!(read(&later, key).is_err());
        assert!(read(&later, &keys["keys"][0]).is_ok());
        office.policy_reached().await;
        office.send(&later, ESTATES, json!({})).await.ok();
    });
}
