//! Deposits that came with opening balances: held, given back and deducted from like any other.

use super::tests::Scene;
use serde_json::{Value, json};
use testkit::{Answer, Signed, run};

impl Scene {
    /// A posted deposit of 2,000.00; its opening balances.
    async fn with_deposit(&self) -> Value {
        let rows = json!([{ "kind": "DEPOSIT", "unitLabel": "3-1-1201", "amount": "2000.00",
            "note": "装修押金" }]);
        let draft = self.draft(rows).await;
        let totals = json!([{ "kind": "DEPOSIT", "count": 1, "sum": "2000" }]);
        let key = self.stage.id().to_string();
        self.confirm(&self.stage.finance, &draft["id"], totals, &key).await.ok();
        draft["id"].clone()
    }

    /// The deposits of the estate, newest first; what they come to is what the ledger says.
    async fn deposits(&self) -> Vec<Value> {
        let query = "deposits(estateId: $estate) { nodes { id kind status agreement openingId till takenOn \
                     takenBy left { amount } refunded { amount } receipts { number } \
                     movements { day kind amount { amount } balance { amount } } } } \
                     depositLiability(estateId: $estate) { agrees }";
        let seen = self.stage.ask(&self.stage.finance, query).await.ok();
        assert_eq!(seen["depositLiability"]["agrees"], true);
        seen["deposits"]["nodes"].as_array().unwrap().clone()
    }

    async fn deposit_act(&self, who: &Signed, name: &str, mut input: Value) -> Answer {
        input["idempotencyKey"] = json!(self.stage.id().to_string());
        let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let part = if name.ends_with("Deduction") { "deduction" } else { "refund" };
        let text = format!(
            "mutation($input: {kind}!) {{ {name}(input: $input) {{ {part} {{ id }} deposit {{ status }} }} }}"
        );
        who.send("billing", &text, json!({ "input": input })).await
    }

    async fn asked_back(&self, deposit: &Value, amount: &str) -> Value {
        let desk = self.stage.company.staff("DESK", self.stage.estate).await;
        let input = json!({ "depositId": deposit, "amount": amount, "reason": "验收合格" });
        let asked = self.deposit_act(&desk, "requestDepositRefund", input).await.ok();
        asked["requestDepositRefund"]["refund"]["id"].clone()
    }
}

#[test]
fn an_opening_deposit_is_held_and_goes_back_to_the_last_fen() {
    run(async {
        let scene = Scene::new().await;
        let opening = scene.with_deposit().await;
        assert_eq!(scene.books().await, json!({ "2241": "-2000.00", "4101": "2000.00" }));
        let held = scene.deposits().await;
        assert_eq!(held.len(), 1);
        let deposit = &held[0];
        assert_eq!((&deposit["kind"], &deposit["status"]), (&json!("RENOVATION"), &json!("HELD")));
        assert_eq!(deposit["openingId"], opening);
        assert_eq!((&deposit["agreement"], &deposit["till"]), (&json!("装修押金"), &Value::Null));
        assert_eq!(deposit["takenOn"], "2026-06-30");
        assert_eq!(deposit["takenBy"], scene.admin.user.to_string());
        assert_eq!(deposit["receipts"], json!([]));
        let row = "query($id: ID!) { openingRows(openingId: $id) { nodes { depositId } } }";
        let row = scene.admin.send("billing", row, json!({ "id": opening })).await.ok();
        assert_eq!(row["openingRows"]["nodes"], json!([{ "depositId": deposit["id"] }]));

        let refund = scene.asked_back(&deposit["id"], "2000").await;
        let finance = &scene.stage.finance;
        let approve = json!({ "refundId": refund });
        scene.deposit_act(finance, "approveDepositRefund", approve).await.ok();
        let cashier = scene.stage.company.staff("CASH", scene.stage.estate).await;
        let pay = json!({ "refundId": refund, "bankReference": "T-1" });
        let paid = scene.deposit_act(&cashier, "payDepositRefund", pay).await.ok();
        assert_eq!(paid["payDepositRefund"]["deposit"]["status"], "REFUNDED");
        assert_eq!(scene.books().await, json!({ "1002": "-2000.00", "4101": "2000.00" }));
        let chain = json!([
            { "day": "2026-06-30", "kind": "TAKEN", "amount": { "amount": "2000.00" },
              "balance": { "amount": "2000.00" } },
            { "day": scene.stage.company.world.clock.today(chrono_tz::Asia::Shanghai).to_string(),
              "kind": "REFUNDED", "amount": { "amount": "-2000.00" },
              "balance": { "amount": "0.00" } },
        ]);
        assert_eq!(scene.deposits().await[0]["movements"], chain);
        let late = scene.reverse(&opening).await;
        assert_eq!(
            (late.code(), late.message()),
            (
                "CONFLICT",
                "a deposit of it was deducted from, returned or promised to somebody since"
            )
        );
    });
}

#[test]
fn cash_with_a_signature_leaves_the_till_and_whoever_drafted_does_not_approve() {
    run(async {
        let scene = Scene::new().await;
        scene.with_deposit().await;
        let deposit = scene.deposits().await[0]["id"].clone();
        let refund = scene.asked_back(&deposit, "50").await;
        let grant = authz::Grant {
            user: scene.admin.user.as_uuid(),
            role: "CFIN".to_owned(),
            estate: None,
            zone: Vec::new(),
        };
        scene.stage.company.change_policy(|policy| policy.grants.push(grant)).await;
        let approve = json!({ "refundId": refund });
        let own = scene.deposit_act(&scene.admin, "approveDepositRefund", approve.clone()).await;
        assert_eq!(own.code(), "FORBIDDEN");
        let finance = &scene.stage.finance;
        scene.deposit_act(finance, "approveDepositRefund", approve).await.ok();
        let cashier = scene.stage.company.staff("CASH", scene.stage.estate).await;
        let unproved = json!({ "refundId": refund });
        let unproved = scene.deposit_act(&cashier, "payDepositRefund", unproved).await;
        assert_eq!((unproved.code(), unproved.field()), ("INVALID", "bankReference"));
        let pay = json!({ "refundId": refund, "signedBy": "王芳" });
        scene.deposit_act(&cashier, "payDepositRefund", pay).await.ok();
        let want = json!({ "1001": "-50.00", "2241": "-1950.00", "4101": "2000.00" });
        assert_eq!(scene.books().await, want);
        assert_eq!(scene.deposits().await[0]["left"]["amount"], "1950.00");
    });
}

#[test]
fn reversing_undoes_the_deposit_unless_something_of_it_is_promised() {
    run(async {
        let scene = Scene::new().await;
        let opening = scene.with_deposit().await;
        let deposit = scene.deposits().await[0]["id"].clone();
        // A proposal alone speaks for a part of it.
        let desk = scene.stage.company.staff("DESK", scene.stage.estate).await;
        let input = json!({ "depositId": deposit, "amount": "150", "class": "DOCUMENTED_COST",
            "reason": "清运走廊垃圾", "proof": "发票 0471" });
        let proposed = scene.deposit_act(&desk, "proposeDepositDeduction", input).await.ok();
        assert_eq!(scene.reverse(&opening).await.code(), "CONFLICT");
        assert_eq!(scene.deposits().await[0]["status"], "HELD");
        let deduction = &proposed["proposeDepositDeduction"]["deduction"]["id"];
        let input = json!({ "deductionId": deduction, "reason": "有误" });
        scene.deposit_act(&desk, "withdrawDepositDeduction", input).await.ok();

        scene.reverse(&opening).await.ok();
        let gone = &scene.deposits().await[0];
        assert_eq!((&gone["status"], &gone["movements"]), (&json!("CANCELLED"), &json!([])));
        assert_eq!(scene.books().await, json!({}));
        let input = json!({ "depositId": deposit, "amount": "1", "reason": "验收合格" });
        let late = scene.deposit_act(&desk, "requestDepositRefund", input).await;
        assert_eq!((late.code(), late.field()), ("INVALID", "amount"));
        // The same row can come again.
        scene.with_deposit().await;
        let deposits = scene.deposits().await;
        let held = deposits.iter().filter(|deposit| deposit["status"] == "HELD").count();
        assert_eq!((deposits.len(), held), (2, 1));
    });
}
