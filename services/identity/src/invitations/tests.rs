use super::repo;
use crate::{
    fixture::{Office, PASSWORD, Tokens, own_world},
    opaque::sha256,
};
use chrono::Duration;
use contracts::{PersonId, UnitId, residents::ResidentInvited};
use serde_json::{Value, json};

/// Invites somebody as residents would tell it, and returns the event.
async fn invite(office: &Office, code: &str, phone: &str, person: Option<PersonId>) -> PersonId {
    let clock = &office.world.clock;
    let person = person.unwrap_or_else(|| PersonId::from_uuid(clock.uuid()));
    let invited = ResidentInvited {
        estate: office.estate("FCH"),
        unit: UnitId::from_uuid(clock.uuid()),
        person,
        name: "王芳".to_owned(),
        phone: phone.to_owned(),
        code_hash: sha256(code.as_bytes()),
        expires: clock.now() + Duration::days(7),
    };
    let scope = office.context().db.write(office.seeded.tenant).await.unwrap();
    repo::keep(&scope, invited).await.unwrap();
    scope.commit().await.unwrap();
    person
}

async fn redeem(office: &Office, code: &str, password: &str) -> (u16, Value) {
    let body = json!({ "company": office.code, "code": code, "password": password });
    office.post("/auth/sign-up?mode=token", body).await
}

#[test]
fn an_invited_resident_opens_an_account_and_sees_their_estate_only() {
    testkit::run(async {
        let office = Office::open().await;
        let person = invite(&office, "K7M2-XQ9P", "19900000001", None).await;
        assert_eq!(redeem(&office, "K7M2-XXXX", PASSWORD).await.0, 401);
        assert_eq!(redeem(&office, "K7M2-XQ9P", "short").await.0, 422);
        let (status, body) = redeem(&office, "K7M2-XQ9P", PASSWORD).await;
        assert_eq!((status, body["kind"].as_str()), (200, Some("resident")));
        let access = Tokens::read(&body).access;
        let viewer = "{ viewer { kind name login personId estates { estate { code } } } estates { edges { node { code } } } }";
        let seen = office.send(&access, viewer, json!({})).await.ok();
        let fch = json!([{ "node": { "code": "FCH" } }]);
        assert_eq!(seen["estates"]["edges"], fch);
        assert_eq!(
            seen["viewer"],
            json!({
                "kind": "RESIDENT", "name": "王芳", "login": "19900000001",
                "personId": person.to_string(), "estates": [{ "estate": { "code": "FCH" } }],
            })
        );
        let colleagues = format!("{{ colleagues(ids: [{:?}]) {{ name }} }}", office.user("admin"));
        assert_eq!(office.send(&access, &colleagues, json!({})).await.code(), "NOT_FOUND");
        let aj = json!({ "id": office.estate("AJ").to_string() });
        let hidden = office.send(&access, "query($id: ID!) { estate(id: $id) { code } }", aj).await;
        assert_eq!(hidden.code(), "NOT_FOUND");
        for list in [
            "{ staff { edges { cursor } } }",
            "{ roles { code } }",
            "{ auditLog { edges { cursor } } }",
        ] {
            assert_eq!(office.send(&access, list, json!({})).await.code(), "NOT_FOUND", "{list}");
        }
        assert_eq!(redeem(&office, "K7M2-XQ9P", PASSWORD).await.0, 401, "once only");
        assert_eq!(office.try_sign_in("19900000001", PASSWORD).await.0, 200);
    });
}

#[test]
fn a_second_unit_joins_the_same_account_with_its_password() {
    testkit::run(async {
        let office = Office::open().await;
        let person = invite(&office, "FIRST-CODE", "19900000002", None).await;
        let (_, first) = redeem(&office, "FIRST-CODE", PASSWORD).await;
        invite(&office, "SECOND-CODE", "19900000002", Some(person)).await;
        assert_eq!(redeem(&office, "SECOND-CODE", "somebody else's").await.0, 401);
        let (status, second) = redeem(&office, "SECOND-CODE", PASSWORD).await;
        assert_eq!((status, &second["user"]), (200, &first["user"]));
        invite(&office, "THIRD-CODE", "19900000002", None).await;
        assert_eq!(redeem(&office, "THIRD-CODE", PASSWORD).await.0, 409, "another person's phone");
    });
}

#[test]
fn an_expired_invitation_or_one_of_another_company_opens_nothing() {
    testkit::run(async {
        let office = Office::open_in(own_world().await).await;
        let other = Office::open_in(std::sync::Arc::clone(&office.world)).await;
        invite(&office, "LATE-CODE", "19900000003", None).await;
        assert_eq!(redeem(&other, "LATE-CODE", PASSWORD).await.0, 401);
        office.world.clock.advance(Duration::days(8));
        assert_eq!(redeem(&office, "LATE-CODE", PASSWORD).await.0, 401);
    });
}

#[test]
fn two_who_redeem_one_code_at_once_do_not_both_get_in() {
    testkit::run(async {
        let office = Office::open().await;
        invite(&office, "RACE-CODE", "19900000004", None).await;
        let both =
            futures::future::join_all((0..4).map(|_| redeem(&office, "RACE-CODE", PASSWORD)));
        let opened = both.await.iter().filter(|(status, _)| *status == 200).count();
        assert_eq!(opened, 1);
    });
}
