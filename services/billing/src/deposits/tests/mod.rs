//! Deposits through the graph.

mod chain;
mod duties;
mod online;

use crate::{
    ids::BillingAccountId,
    ledger::{self, Account},
    stage::{Scene, scene},
};
use serde_json::{Value, json};
use testkit::{Answer, Signed};

const DEPOSIT: &str = "id status amount { amount } left { amount } refundableSince expectedReturn \
    receipts { number kind payer amountInWords } movements { kind amount { amount } balance { amount } entryId } \
    deductions { id status lastDayToAppeal } refunds { id status signedBy bankReference receipts { number kind } }";
const DAY: i64 = 86_400;

/// The stage of scenario 2: an owner who renovates, and who else works in the estate.
struct Play {
    scene: Scene,
    account: String,
    supervisor: Signed,
}

async fn play() -> Play {
    let scene = scene().await;
    let account = scene.owes("first", 100).await.account;
    let supervisor = scene.company.staff("SUP", scene.estate).await;
    Play { scene, account, supervisor }
}

impl Play {
    fn key(&self) -> String {
        self.scene.stage.world.clock.uuid().to_string()
    }

    /// Acts under a key of its own; `input` needs none.
    async fn act(&self, who: &Signed, name: &str, part: &str, input: Value) -> Answer {
        let mut input = input;
        if input["idempotencyKey"].is_null() {
            input["idempotencyKey"] = json!(self.key());
        }
        let of_part =
            if part == "deposit" { String::new() } else { format!("{part} {{ id status }} ") };
        let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let text = format!(
            "mutation($input: {kind}!) {{ {name}(input: $input) {{ {of_part} deposit {{ {DEPOSIT} }} }} }}"
        );
        who.send("billing", &text, json!({ "input": input })).await
    }

    async fn request(&self, kind: &str, amount: &str) -> String {
        let input = json!({ "accountId": self.account, "kind": kind, "amount": amount,
            "agreement": "装修协议 ZX-2026-007", "expectedReturn": "2026-10-31" });
        let data = self.act(&self.scene.desk, "requestDeposit", "deposit", input).await.ok();
        assert_eq!(data["requestDeposit"]["deposit"]["status"], "DUE");
        id_of(&data, "requestDeposit", "deposit")
    }

    async fn held(&self, kind: &str, amount: &str, till: &str) -> String {
        let deposit = self.request(kind, amount).await;
        let input = json!({ "depositId": deposit, "till": till, "channelReference": "wx-4711" });
        let data = self.act(&self.scene.cashier, "takeDeposit", "deposit", input).await.ok();
        assert_eq!(data["takeDeposit"]["deposit"]["status"], "HELD");
        deposit
    }

    fn deduction(deposit: &str, amount: &str) -> Value {
        json!({ "depositId": deposit, "amount": amount, "class": "DOCUMENTED_COST",
            "reason": "清运走廊垃圾", "proof": "发票 0471" })
    }

    async fn proposed(&self, deposit: &str, amount: &str) -> String {
        let input = Self::deduction(deposit, amount);
        let data =
            self.act(&self.scene.desk, "proposeDepositDeduction", "deduction", input).await.ok();
        id_of(&data, "proposeDepositDeduction", "deduction")
    }

    /// Proposed, and the notice delivered today.
    async fn told(&self, deposit: &str, amount: &str) -> String {
        let deduction = self.proposed(deposit, amount).await;
        self.notify(&deduction).await.ok();
        deduction
    }

    fn today(&self) -> String {
        self.scene.stage.world.clock.today(chrono_tz::Asia::Shanghai).to_string()
    }

    async fn notify(&self, deduction: &str) -> Answer {
        let input = json!({ "deductionId": deduction, "deliveredOn": self.today(),
            "delivery": "当面签收" });
        self.act(&self.scene.desk, "notifyDepositDeduction", "deduction", input).await
    }

    async fn confirm(&self, who: &Signed, deduction: &str) -> Answer {
        let input = json!({ "deductionId": deduction });
        self.act(who, "confirmDepositDeduction", "deduction", input).await
    }

    async fn asked_back(&self, deposit: &str, amount: &str) -> String {
        let input = json!({ "depositId": deposit, "amount": amount, "reason": "验收合格" });
        let data = self.act(&self.scene.desk, "requestDepositRefund", "refund", input).await.ok();
        id_of(&data, "requestDepositRefund", "refund")
    }

    async fn approve(&self, who: &Signed, refund: &str) -> Answer {
        let input = json!({ "refundId": refund });
        self.act(who, "approveDepositRefund", "refund", input).await
    }

    async fn pay(&self, who: &Signed, refund: &str) -> Answer {
        let input = json!({ "refundId": refund, "signedBy": "王芳", "bankReference": "T-1" });
        self.act(who, "payDepositRefund", "refund", input).await
    }

    async fn given_back(&self, deposit: &str, amount: &str) -> Value {
        let refund = self.asked_back(deposit, amount).await;
        self.approve(&self.scene.finance, &refund).await.ok();
        self.scene.later(1);
        self.pay(&self.scene.cashier, &refund).await.ok()["payDepositRefund"]["deposit"].take()
    }

    async fn seen(&self, who: &Signed, deposit: &str) -> Answer {
        let text = format!("query($id: ID!) {{ deposit(id: $id) {{ {DEPOSIT} }} }}");
        who.send("billing", &text, json!({ "id": deposit })).await
    }

    /// What the ledger says of an account of the estate, in fen.
    async fn booked(&self, account: Account) -> i64 {
        let scene = &self.scene;
        let scope = scene.stage.world.db("billing").read(scene.company.tenant).await.unwrap();
        ledger::balance(&scope, scene.estate, account).await.unwrap().0
    }

    fn debtor(&self) -> BillingAccountId {
        self.account.parse().unwrap()
    }

    async fn liability(&self) -> Value {
        let text = "query($id: ID!) { depositLiability(estateId: $id) { held { amount } ledger { amount } agrees \
                    ages { fromDays deposits amount { amount } } } }";
        let id = json!({ "id": self.scene.estate.to_string() });
        self.scene.finance.send("billing", text, id).await.ok()["depositLiability"].take()
    }

    /// The ids of a list of the estate's deposits.
    async fn list(&self, who: &Signed, filter: Value) -> Answer {
        let text = "query($id: ID!, $filter: DepositFilter) { deposits(estateId: $id, filter: $filter) { nodes { id } } }";
        let variables = json!({ "id": self.scene.estate.to_string(), "filter": filter });
        who.send("billing", text, variables).await
    }

    async fn is_listed(&self, filter: Value) -> usize {
        let data = self.list(&self.scene.finance, filter).await.ok();
        data["deposits"]["nodes"].as_array().unwrap().len()
    }
}

fn id_of(data: &Value, name: &str, part: &str) -> String {
    data[name][part]["id"].as_str().unwrap().to_owned()
}
