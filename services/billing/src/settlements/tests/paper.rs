//! The settlement sheet on paper.

use super::Play;
use crate::documents::tests::{assert_says, issue, printed, verified};
use serde_json::json;
use testkit::run;

#[test]
fn the_sheet_of_scenario_6_pays_961_19_back() {
    run(async {
        let play = Play::tenancy().await;
        let deposit = play.deposits().await;
        let leaving = play.scenario_6(&deposit).await;
        let done = play.settled(leaving).await;
        let world = &play.stage.company.world;
        let input = |language: &str| json!({ "leavingId": done["id"], "language": language });
        let (zh, pdf) = printed(&play.desk, world, "printSettlementSheet", input("ZH")).await;
        assert_eq!(zh["number"], "FCH-JS-202610-000001");
        let parts = [
            "结算单",
            "2026-10-18",
            "物业费 2026-10-19 – 2026-10-31",
            "407.21 − 已使用 236.44 = 170.77",
            "停车卡押金",
            "1,035.19",
            "水费 1318 → 1341, 23 m³",
            "74.00",
            "961.19",
            "人民币玖佰陆拾壹元壹角玖分",
            "现金",
            "第1页/共1页",
        ];
        assert_says(&pdf, &parts);
        let (_, again) = printed(&play.desk, world, "printSettlementSheet", input("ZH")).await;
        assert!(again == pdf, "the same bytes");
        let leaver = play.stage.company.resident(play.leaver.as_uuid()).await;
        let (en, own) = printed(&leaver, world, "printSettlementSheet", input("EN")).await;
        assert_eq!(en["number"], zh["number"]);
        assert_says(&own, &["Settlement sheet", "赵磊", "To be paid back", "961.19", "Cash"]);
        let neighbour = play.stage.company.resident(play.stage.id()).await;
        let owner = play.stage.company.resident(play.owner.unwrap().as_uuid()).await;
        for stranger in [&neighbour, &owner] {
            let answer = issue(stranger, "printSettlementSheet", input("ZH")).await;
            assert_eq!(answer.code(), "NOT_FOUND");
        }
    });
}

#[test]
fn the_sheet_of_a_settlement_that_was_taken_back_is_void() {
    run(async {
        let play = Play::tenancy().await;
        let prepared = play.prepared(play.leaving("2026-10-18", json!({}))).await;
        let world = &play.stage.company.world;
        let input = json!({ "leavingId": prepared["id"] });
        let (made, _) = printed(&play.desk, world, "printSettlementSheet", input).await;
        let code = made["code"].as_str().unwrap();
        let (_, seen) = verified(world, code).await;
        assert_eq!((&seen["amount"], &seen["void"]), (&json!("985.19"), &json!(false)));
        let cancel = json!({ "leavingId": prepared["id"], "reason": "重新编制" });
        play.act(&play.desk, "cancelLeaving", cancel).await.ok();
        assert_eq!(verified(world, code).await.1["void"], true);
    });
}
