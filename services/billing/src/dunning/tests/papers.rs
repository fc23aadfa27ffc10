//! The dunning notice on paper.

use super::{Scene, scene};
use crate::{
    documents::tests::{assert_says, issue, printed, verified},
    late_fees::tests::late_fees,
};
use serde_json::json;
use testkit::run;

/// Scenario 1 on the fortieth day of delay, its ladder followed.
async fn forty_days_late() -> Scene {
    let scene = scene("2026-07-01", "2026-07", ("3-1-1201", "118.56")).await;
    late_fees(&scene.stage, json!({})).await;
    for day in ["2026-07-16", "2026-07-22", "2026-07-30", "2026-08-14", "2026-08-24"] {
        scene.day(day).await;
    }
    scene
}

#[test]
fn a_notice_prints_852_58_with_its_arithmetic_and_stays_as_it_was() {
    run(async {
        let scene = forty_days_late().await;
        let world = &scene.stage.company.world;
        let notice = json!({ "step": "FIRST_NOTICE", "channel": "NOTICE" });
        let made = scene.record(&scene.officer, notice).await.ok();
        let action = &made["recordDunningAction"]["dunningAction"];
        assert_eq!(action["demanded"]["amount"], "852.58");
        let input = |language: &str| json!({ "actionId": action["id"], "language": language });
        let (zh, pdf) = printed(&scene.officer, world, "printDunningNotice", input("ZH")).await;
        assert_eq!(zh["number"], "FCH-CJ-202608-000001");
        let parts = [
            "催缴通知单",
            "物业费 2026-07 – 2026-09",
            "2026-07-15",
            "40",
            "835.86 × 0.05% × 40 = 16.7172",
            "16.72",
            "852.58",
            "人民币捌佰伍拾贰元伍角捌分",
            "2026-08-31",
            "王*",
            "FCH-CJ-202608-000001",
            "第1页/共1页",
        ];
        assert_says(&pdf, &parts);
        let (en, own) = printed(&scene.owner, world, "printDunningNotice", input("EN")).await;
        assert_eq!((&en["number"], &en["code"]), (&zh["number"], &zh["code"]));
        assert_says(&own, &["Reminder of payment", "王芳", "Property fee 2026-07", "852.58"]);

        // What is paid meanwhile changes nothing of what was demanded.
        scene.stage.pay(&scene.bill, &scene.account, 83_586).await;
        let (_, again) = printed(&scene.officer, world, "printDunningNotice", input("ZH")).await;
        assert!(again == pdf, "the same bytes");
        let code = zh["code"].as_str().unwrap();
        let (_, seen) = verified(world, code).await;
        assert_eq!((&seen["amount"], &seen["void"]), (&json!("852.58"), &json!(false)));
        let input =
            json!({ "id": action["id"], "reason": "送错了门", "idempotencyKey": "correct-0001" });
        let undone = "dunningAction { id }";
        let undone = scene.change(&scene.supervisor, "correctDunningAction", undone, input).await;
        let undone = undone.ok()["correctDunningAction"]["dunningAction"]["id"].take();
        assert_eq!(verified(world, code).await.1["void"], true);
        let nothing = json!({ "actionId": undone });
        let nothing = issue(&scene.supervisor, "printDunningNotice", nothing).await;
        assert_eq!((nothing.code(), nothing.field()), ("INVALID", "actionId"));
    });
}

#[test]
fn a_notice_says_what_was_waived_before_and_nobody_else_has_it() {
    run(async {
        let scene = forty_days_late().await;
        let stage = &scene.stage;
        let waive = json!({ "billId": scene.bill, "of": "LATE_FEE", "amount": "6.72",
            "reason": "霉斑问题已处理", "evidence": "工单 T-1", "idempotencyKey": "waive-0001" });
        let asked = scene.change(&scene.desk, "requestWaiver", "waiver { id }", waive).await.ok();
        let granted = json!({ "waiverId": asked["requestWaiver"]["waiver"]["id"],
            "idempotencyKey": "waive-0002" });
        let state = "waiver { status }";
        scene.change(&scene.supervisor, "approveWaiver", state, granted).await.ok();
        let made =
            scene.record(&scene.desk, json!({ "step": "CALL", "channel": "CALL" })).await.ok();
        let action = &made["recordDunningAction"]["dunningAction"];
        let input = json!({ "actionId": action["id"], "language": "EN" });
        let world = &stage.company.world;
        let (_, pdf) = printed(&scene.desk, world, "printDunningNotice", input.clone()).await;
        assert_says(&pdf, &["less 6.72 paid or waived before: 10.00", "845.86", "2026-08-31"]);
        let neighbour = stage.company.resident(stage.id()).await;
        let elsewhere = stage.company.estate("NTH", "北苑").await;
        let strangers = [
            neighbour,
            stage.company.staff("SUP", elsewhere).await,
            stage.company.staff_in_zone("PO", stage.estate, vec![stage.id()]).await,
            world.company().staff("CFIN", None).await,
        ];
        for stranger in &strangers {
            let answer = issue(stranger, "printDunningNotice", input.clone()).await;
            assert_eq!(answer.code(), "NOT_FOUND");
        }
    });
}
