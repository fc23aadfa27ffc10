//! A settlement of bills that are late by a contract with late fees.

use super::Play;
use crate::{
    documents::tests::{assert_says, printed},
    late_fees::tests::late_fees,
    ledger::Account,
};
use serde_json::{Value, json};
use testkit::run;

/// The lessee of scenario 6, whose next quarter of 1,221.63 is forty days late on 24 February.
async fn late() -> Play {
    let play = Play::tenancy().await;
    late_fees(&play.stage, json!({})).await;
    play.stage.run("2027-01").await;
    let due = play.stage.bill_from(play.unit, "2027-01").await["due"].clone();
    assert_eq!(due, "2027-01-15");
    noon(&play, "2027-02-24");
    play
}

fn noon(play: &Play, day: &str) {
    let at = format!("{day}T04:00:00Z");
    play.stage.company.world.clock.set(at.parse().unwrap());
}

/// The bill that is late, as it stands today.
async fn late_fee(play: &Play) -> Value {
    let bill = play.stage.bill_from(play.unit, "2027-01").await;
    let text = "query($id: ID!) { bill(id: $id) { status lateFee { quoted { amount } paid { amount } due { amount } } } }";
    let id = json!({ "id": bill["id"] });
    play.stage.finance.send("billing", text, id).await.ok()["bill"].take()
}

fn amounts(sheet: &Value) -> [&Value; 4] {
    ["credited", "owed", "rest", "stillOwed"].map(|name| &sheet[name]["amount"])
}

#[test]
fn a_late_fee_is_fixed_by_the_sheet_and_met_with_its_bill() {
    run(async {
        let play = late().await;
        // November to March are not used: 5 × 407.21; 1,221.63 × 0.05 % × 40 = 24.4326.
        let prepared = play.prepared(play.leaving("2026-10-31", json!({}))).await;
        assert_eq!(amounts(&prepared["sheet"]), ["2036.05", "1246.06", "789.99", "0.00"]);
        // It is approved two days later; what grows meanwhile is not charged.
        noon(&play, "2027-02-26");
        assert_eq!(late_fee(&play).await["lateFee"]["due"]["amount"], "25.65");
        play.approve(&play.stage.finance, &prepared).await.ok();
        let met = json!({ "status": "PAID", "lateFee": { "quoted": { "amount": "24.43" },
            "paid": { "amount": "24.43" }, "due": { "amount": "0.00" } } });
        assert_eq!(late_fee(&play).await, met);
        play.pay(&play.cashier, &prepared).await.ok();
        play.nothing_is_left().await;
        noon(&play, "2027-04-30");
        assert_eq!(late_fee(&play).await, met);
        let world = &play.stage.company.world;
        let input = json!({ "leavingId": prepared["id"], "language": "ZH" });
        let (_, pdf) = printed(&play.desk, world, "printSettlementSheet", input).await;
        let parts = [
            "2,036.05",
            "1,221.63",
            "1221.63 × 0.05% × 40 = 24.4326",
            "24.43",
            "1,246.06",
            "789.99",
            "人民币柒佰捌拾玖元玖角玖分",
        ];
        assert_says(&pdf, &parts);
    });
}

#[test]
fn what_the_credit_does_not_meet_of_a_late_fee_stays_owed() {
    run(async {
        let play = late().await;
        // February and March are credited, January is used: principal is met first.
        let prepared = play.prepared(play.leaving("2027-01-31", json!({}))).await;
        assert_eq!(amounts(&prepared["sheet"]), ["814.42", "1246.06", "0.00", "431.64"]);
        play.approve(&play.stage.finance, &prepared).await.ok();
        let account = play.account.parse().unwrap();
        assert_eq!(play.booked(Account::Receivable(account)).await, 40_721);
        assert_eq!(late_fee(&play).await["lateFee"]["due"]["amount"], "24.43");
        let again = play.preview(&play.desk, &play.leaving("2027-01-31", json!({}))).await.ok();
        assert_eq!(again["previewLeaving"]["stillOwed"]["amount"], "431.64");
    });
}

#[test]
fn terms_that_change_before_the_approval_make_the_sheet_outdated() {
    run(async {
        let play = late().await;
        let prepared = play.prepared(play.leaving("2026-10-31", json!({}))).await;
        late_fees(&play.stage, json!({ "dailyRate": "0.0003" })).await;
        assert_eq!(play.approve(&play.stage.finance, &prepared).await.code(), "CONFLICT");
        let input = json!({ "leavingId": prepared["id"], "reason": "重新编制" });
        play.act(&play.desk, "cancelLeaving", input).await.ok();
        let anew = play.prepared(play.leaving("2026-10-31", json!({}))).await;
        // 1,221.63 × 0.03 % × 40 = 14.65956.
        assert_eq!(amounts(&anew["sheet"]), ["2036.05", "1236.29", "799.76", "0.00"]);
        play.approve(&play.stage.finance, &anew).await.ok();
    });
}
