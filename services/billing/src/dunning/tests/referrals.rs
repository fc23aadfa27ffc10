//! Before a court: two people, and nothing that was not demanded.

use super::{Scene, scene};
use authz::Grant;
use serde_json::{Value, json};
use testkit::{Answer, Signed, run};

async fn late() -> Scene {
    let scene = scene("2026-07-01", "2026-07", ("3-1-1201", "118.56")).await;
    scene.day("2026-07-16").await;
    scene.day("2026-07-30").await;
    scene
}

const REFERRAL: &str = "legalReferral { id state claimed { amount } debts { billId principal { amount } barredOn } \
    filedOn closedOn outcome approvedById }";

async fn create(scene: &Scene, who: &Signed, key: &str) -> Answer {
    let case = scene.case().await["id"].clone();
    let input = json!({ "caseId": case, "contractTerms": "合同第 12 条:每季首月 15 日前缴纳",
        "idempotencyKey": key });
    scene.change(who, "createLegalReferral", REFERRAL, input).await
}

async fn notice(scene: &Scene) {
    let notice = json!({ "step": "FIRST_NOTICE", "channel": "LETTER" });
    scene.delivered(&scene.officer, notice).await;
}

#[test]
fn a_referral_goes_through_two_people_to_court() {
    run(async {
        let scene = late().await;
        let refused = create(&scene, &scene.supervisor, "refer-0001").await;
        assert_eq!(refused.code(), "CONFLICT", "nothing is known to have arrived");
        notice(&scene).await;
        assert_eq!(create(&scene, &scene.desk, "refer-0002").await.code(), "NOT_FOUND");
        assert_eq!(create(&scene, &scene.stage.director, "refer-0002").await.code(), "FORBIDDEN");
        let made = create(&scene, &scene.supervisor, "refer-0003").await.ok();
        assert_eq!(made, create(&scene, &scene.supervisor, "refer-0003").await.ok());
        let referral = made["createLegalReferral"]["legalReferral"].clone();
        assert_eq!(
            (&referral["state"], &referral["claimed"]["amount"]),
            (&json!("DRAFT"), &json!("835.86"))
        );
        assert_eq!(referral["debts"][0]["barredOn"], "2029-07-30");
        assert_eq!(create(&scene, &scene.supervisor, "refer-0004").await.code(), "CONFLICT");
        let id = json!({ "id": referral["id"] });
        let file = json!({ "id": referral["id"], "courtReference": "(2026)皖0191民初1号" });
        let early =
            scene.change(&scene.supervisor, "fileLegalReferral", REFERRAL, file.clone()).await;
        assert_eq!(early.code(), "CONFLICT", "nobody approved");
        let own =
            scene.change(&scene.supervisor, "approveLegalReferral", REFERRAL, id.clone()).await;
        assert_eq!(own.code(), "FORBIDDEN");
        // Not even with the right to.
        let user = scene.supervisor.user.as_uuid();
        let grant = Grant { user, role: "CFIN".to_owned(), estate: None, zone: Vec::new() };
        scene.stage.company.change_policy(|policy| policy.grants.push(grant)).await;
        let own =
            scene.change(&scene.supervisor, "approveLegalReferral", REFERRAL, id.clone()).await;
        assert_eq!(own.code(), "FORBIDDEN");
        scene.change(&scene.stage.director, "approveLegalReferral", REFERRAL, id).await.ok();
        scene.change(&scene.supervisor, "fileLegalReferral", REFERRAL, file).await.ok();
        assert_eq!(scene.case().await["stage"], "LITIGATION");
        let close = json!({ "id": referral["id"], "outcome": "MEDIATED", "note": "分期付清" });
        let done =
            scene.change(&scene.supervisor, "closeLegalReferral", REFERRAL, close).await.ok();
        assert_eq!(done["closeLegalReferral"]["legalReferral"]["outcome"], "MEDIATED");
    });
}

async fn export(who: &Signed, id: &Value) -> Answer {
    let text = "query($id: ID!) { legalReferralExport(legalReferralId: $id) { csv json } }";
    who.send("billing", text, json!({ "id": id })).await
}

#[test]
fn the_pack_holds_debts_and_contacts_with_their_evidence() {
    run(async {
        let scene = late().await;
        notice(&scene).await;
        let made = create(&scene, &scene.supervisor, "refer-0001").await.ok();
        let id = made["createLegalReferral"]["legalReferral"]["id"].clone();
        let pack = export(&scene.stage.finance, &id).await.ok();
        let csv = pack["legalReferralExport"]["csv"].as_str().unwrap();
        let rows: Vec<&str> = csv.lines().collect();
        assert_eq!(rows.len(), 4, "{csv}");
        assert!(rows[1].starts_with("debt,bil_") && rows[1].contains(",835.86,0.00,"));
        assert!(rows[3].contains("LETTER,SIGNED,签收"), "{csv}");
        let json: Value =
            serde_json::from_str(pack["legalReferralExport"]["json"].as_str().unwrap()).unwrap();
        assert_eq!(json["debts"][0]["principal"], "835.86");
        assert_eq!(json["actions"][1]["delivered"]["evidence"], "SIGNED");
        assert!(json["contractTerms"].as_str().unwrap().contains("第 12 条"));
        let neighbour = scene.stage.company.resident(scene.stage.id()).await;
        assert_eq!(export(&neighbour, &id).await.code(), "NOT_FOUND");
        assert_eq!(export(&scene.desk, &id).await.code(), "NOT_FOUND");
        let list = "legalReferrals(estateId: $estate) { nodes { id } }";
        assert_eq!(
            scene.query(&scene.owner, list).await.ok()["legalReferrals"]["nodes"][0]["id"],
            id
        );
    });
}

#[test]
fn what_is_written_off_is_not_dunned_again() {
    run(async {
        let scene = late().await;
        notice(&scene).await;
        let made = create(&scene, &scene.supervisor, "refer-0001").await.ok();
        let id = made["createLegalReferral"]["legalReferral"]["id"].clone();
        let close = json!({ "id": id, "outcome": "WRITTEN_OFF", "note": "无可供执行财产" });
        let early =
            scene.change(&scene.supervisor, "closeLegalReferral", REFERRAL, close.clone()).await;
        assert_eq!(early.code(), "CONFLICT", "a second person has to approve");
        let approve = json!({ "id": id });
        scene.change(&scene.stage.finance, "approveLegalReferral", REFERRAL, approve).await.ok();
        scene.change(&scene.supervisor, "closeLegalReferral", REFERRAL, close).await.ok();
        let case = scene.case().await;
        assert_eq!(
            (&case["stage"], &case["closedOn"]),
            (&json!("WRITTEN_OFF"), &json!("2026-07-30"))
        );
        scene.days("2026-07-31", "2026-08-03").await;
        assert_eq!(scene.case().await["id"], case["id"], "no new case");
    });
}
