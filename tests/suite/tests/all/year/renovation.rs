//! S2: a renovation with two deductions and two acceptances. The permits are the facilities
//! service's, which asks billing for deposits and charges by its contract.

use super::{
    acts::{part, parts},
    handover::{HOME, OWNER},
    office::{CASHIER, DESK, DIRECTOR, FINANCE, Office, SUPERVISOR, text},
};
use contracts::billing::{ChargeRequested, DepositRequested};
use money::Fen;
use serde_json::{Value, json};

const FACILITIES: &str = "facilities";
const DEPOSIT: &str =
    "deposit { status left { amount } movements { amount { amount } balance { amount } } }";

/// 2 July: 474.24 for rubbish and 30.00 for passes are charged, 2,300.00 of deposits asked for.
pub async fn is_permitted(it: &Office) {
    for (item, amount, text) in
        [("RUBBISH", 47_424, "装修垃圾清运 118.56 m² × 4.00"), ("PASSES", 3_000, "出入证 6 × 5.00")]
    {
        let charge = ChargeRequested {
            source: FACILITIES.to_owned(),
            reference: format!("renovation-1/{item}"),
            estate: it.estate,
            unit: Some(it.id(HOME).parse().unwrap()),
            payer: it.id(OWNER).parse().unwrap(),
            fee_item: item.to_owned(),
            amount: Fen(amount),
            on: it.today(),
            description: text.to_owned(),
        };
        it.tells(FACILITIES, &charge).await;
    }
    for (kind, amount, back) in
        [("RENOVATION", 200_000, "2027-01-20"), ("PASS", 30_000, "2026-10-20")]
    {
        let deposit = DepositRequested {
            source: FACILITIES.to_owned(),
            reference: format!("renovation-1/{kind}"),
            estate: it.estate,
            unit: Some(it.id(HOME).parse().unwrap()),
            payer: it.id(OWNER).parse().unwrap(),
            kind: kind.to_owned(),
            amount: Fen(amount),
            agreement: "装修协议 ZX-2026-001".to_owned(),
            expected_return: Some(back.parse().unwrap()),
        };
        it.tells(FACILITIES, &deposit).await;
    }
}

/// 3 July: 2,804.24 are paid by WeChat, 504.24 of them for bills and 2,300.00 as deposits.
pub async fn is_paid(it: &Office) {
    let wechat = ("CARD", "微信 4200003");
    let rubbish = it.bill(OWNER, HOME, "2026-07", "474.24").await;
    let passes = it.bill(OWNER, HOME, "2026-07", "30.00").await;
    let paid = it.pays((OWNER, HOME), "504.24", wechat, &[&rubbish, &passes]).await;
    let expected = [part(&rubbish, "PRINCIPAL", "474.24"), part(&passes, "PRINCIPAL", "30.00")];
    assert_eq!(parts(&paid), expected);
    let before = it.holds().await;
    for kind in ["RENOVATION", "PASS"] {
        it.pays_deposit(&deposit(it, kind).await, wechat).await;
    }
    assert_eq!((before.as_str(), it.holds().await.as_str()), ("50.00", "2350.00"));
}

/// What the owner sees of a deposit is what the desk works with.
async fn deposit(it: &Office, kind: &str) -> String {
    let query = "{ myDeposits(first: 100) { nodes { id kind } } }";
    let seen = it.sees(OWNER, query, json!({})).await;
    let all = seen["myDeposits"]["nodes"].as_array().unwrap().clone();
    text(&all.iter().find(|it| it["kind"] == kind).unwrap()["id"])
}

/// 21 July: rubbish in the corridor was cleared for 150.00 by others; the owner is told.
pub async fn rubbish_is_cleared(it: &Office) {
    let cost = json!({ "amount": "150.00", "class": "DOCUMENTED_COST", "reason": "清运走廊垃圾",
        "proof": "清运单 0720" });
    is_told(it, "RENOVATION", cost).await;
}

/// 5 August: a lift panel was repaired for 380.00.
pub async fn a_lift_is_repaired(it: &Office) {
    let cost = json!({ "amount": "380.00", "class": "DOCUMENTED_COST", "reason": "电梯面板维修",
        "proof": "供应商发票 0805" });
    is_told(it, "RENOVATION", cost).await;
}

/// 14 October: one of six passes did not come back; its 50.00 are kept as agreed.
pub async fn a_pass_is_lost(it: &Office) {
    let kept =
        json!({ "amount": "50.00", "class": "AGREED_FORFEIT", "reason": "一张出入证未退还" });
    is_told(it, "PASS", kept).await;
}

/// The desk proposes to keep something and tells the owner the same day.
async fn is_told(it: &Office, kind: &str, mut input: Value) {
    input["depositId"] = json!(deposit(it, kind).await);
    let made = it.does(DESK, "proposeDepositDeduction", input, "deduction { id }").await;
    let id = it.name(&format!("deduction of {kind}"), &made["deduction"]["id"]);
    let told = json!({ "deductionId": id, "deliveredOn": it.today(), "delivery": "当面签收" });
    it.does(DESK, "notifyDepositDeduction", told, "__typename").await;
}

/// Five days to appeal have to pass; who proposed it cannot confirm it.
pub async fn nothing_is_kept_yet(it: &Office) {
    let input = json!({ "deductionId": it.id("deduction of RENOVATION") });
    assert_eq!(it.is_refused(DIRECTOR, "confirmDepositDeduction", input.clone()).await, "CONFLICT");
    assert_eq!(it.is_refused(DESK, "confirmDepositDeduction", input).await, "FORBIDDEN");
}

/// 27 July and 11 August: nobody appealed, the director confirms.
pub async fn the_cost_is_kept(it: &Office, left: &str) {
    let input = json!({ "deductionId": it.id("deduction of RENOVATION") });
    let kept = it.does(DIRECTOR, "confirmDepositDeduction", input, DEPOSIT).await;
    assert_eq!(kept["deposit"]["left"]["amount"], left);
}

/// 20 October: the first acceptance passes, 250.00 of the passes' 300.00 go back.
pub async fn is_accepted_first(it: &Office) {
    let input = json!({ "deductionId": it.id("deduction of PASS") });
    it.does(SUPERVISOR, "confirmDepositDeduction", input, "__typename").await;
    let back = goes_back(it, "PASS", "250.00", DIRECTOR).await;
    assert_eq!(back, json!([["300.00", "300.00"], ["-50.00", "250.00"], ["-250.00", "0.00"]]));
}

/// 20 January: the second acceptance passes three months later, 1,470.00 go back the way they came.
pub async fn is_accepted_finally(it: &Office) {
    let back = goes_back(it, "RENOVATION", "1470.00", FINANCE).await;
    let chain = json!([
        ["2000.00", "2000.00"],
        ["-150.00", "1850.00"],
        ["-380.00", "1470.00"],
        ["-1470.00", "0.00"]
    ]);
    assert_eq!(back, chain);
    assert_eq!(it.holds().await, "0.00");
}

/// The desk asks, another approves, the cashier sends it back; what moved, and what was left.
async fn goes_back(it: &Office, kind: &str, amount: &str, approver: &str) -> Value {
    let input =
        json!({ "depositId": deposit(it, kind).await, "amount": amount, "reason": "验收合格" });
    let asked = it.does(DESK, "requestDepositRefund", input, "refund { id }").await;
    let id = asked["refund"]["id"].clone();
    it.does(approver, "approveDepositRefund", json!({ "refundId": id }), "__typename").await;
    let input = json!({ "refundId": id, "bankReference": "微信退款 5000001" });
    let paid = it.does(CASHIER, "payDepositRefund", input, DEPOSIT).await["deposit"].take();
    assert_eq!(paid["status"], "REFUNDED");
    let moves = paid["movements"].as_array().unwrap().iter();
    moves.map(|it| json!([it["amount"]["amount"], it["balance"]["amount"]])).collect()
}
