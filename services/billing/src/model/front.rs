//! What takes several people at the front door, in one go each.

use crate::{ledger::Till, stage::Scene};
use money::Fen;
use serde_json::{Value, json};
use testkit::Signed;

/// Does something through the graph that must succeed, under a key of its own; answers its field.
pub(super) async fn act(
    scene: &Scene,
    who: &Signed,
    name: &str,
    wanted: &str,
    mut input: Value,
) -> Value {
    input["idempotencyKey"] = json!(scene.stage.world.clock.uuid().to_string());
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let text = format!("mutation($input: {kind}!) {{ {name}(input: $input) {{ {wanted} }} }}");
    let answer = who.send("billing", &text, json!({ "input": input })).await;
    answer.ok()[name].take()
}

/// How the graph names a till.
pub(super) fn word(till: Till) -> Value {
    serde_json::to_value(till).unwrap()
}

/// Somebody asks for a deposit, the cashier takes it; its id.
pub(super) async fn deposit(scene: &Scene, account: &str, till: Till, amount: Fen) -> String {
    let input = json!({ "accountId": account, "kind": "RENOVATION", "amount": amount.to_string(),
        "agreement": "装修协议 ZX-2026-007" });
    let asked = act(scene, &scene.desk, "requestDeposit", "deposit { id }", input).await;
    let id = asked["deposit"]["id"].as_str().unwrap().to_owned();
    let input = json!({ "depositId": id, "till": word(till) });
    let taken = act(scene, &scene.cashier, "takeDeposit", "deposit { status }", input).await;
    assert_eq!(taken["deposit"]["status"], "HELD");
    id
}

/// A part of it goes back, by three people.
pub(super) async fn deposit_back(scene: &Scene, deposit: &str, amount: Fen) {
    let input = json!({ "depositId": deposit, "amount": amount.to_string(), "reason": "验收合格" });
    let wanted = "refund { id status }";
    let asked = act(scene, &scene.desk, "requestDepositRefund", wanted, input).await;
    let mut input = json!({ "refundId": asked["refund"]["id"] });
    act(scene, &scene.finance, "approveDepositRefund", wanted, input.clone()).await;
    input["signedBy"] = json!("王芳");
    input["bankReference"] = json!("T-1");
    let paid = act(scene, &scene.cashier, "payDepositRefund", wanted, input).await;
    assert_eq!(paid["refund"]["status"], "PAID");
}
