//! Rows for the lists of the till and the bank, to see what a list costs.

use crate::{
    ledger::{self, Entry, Posting},
    testing::Stage,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use money::{Currency, Fen};
use serde_json::{Value, json};
use testkit::Signed;

/// A field, where its rows are in the answer, and with which document finance asks for it.
pub(crate) const LISTS: [(&str, &str, &str); 9] = [
    (
        "Query.cashierShifts",
        "/cashierShifts/edges",
        "cashierShifts(estateId: $estate, first: 100) { edges { node { id expected { amount } left { amount } } } }",
    ),
    (
        "Query.cashMovements",
        "/cashMovements/edges",
        "cashMovements(estateId: $estate, first: ROWS) { edges { node { id amount { amount } } } }",
    ),
    (
        "Query.cashDeposits",
        "/cashDeposits/edges",
        "cashDeposits(estateId: $estate, first: 100) { edges { node { id amount { amount } } } }",
    ),
    (
        "Query.bankAccounts",
        "/bankAccounts",
        "bankAccounts(estateId: $estate) { id opening { amount } }",
    ),
    (
        "Query.bankStatements",
        "/bankStatements/edges",
        "bankStatements(accountId: $bank, first: 100) { edges { node { id closing { amount } } } }",
    ),
    (
        "Query.bankLines",
        "/bankLines/edges",
        "bankLines(estateId: $estate, first: 100) { edges { node { id parts { id } } } }",
    ),
    (
        "Query.bankLineSuggestions",
        "/bankLineSuggestions",
        "bankLineSuggestions(lineId: $line) { kind targetId why }",
    ),
    (
        "Query.openBankItems",
        "/openBankItems/edges",
        "openBankItems(estateId: $estate, first: 100) { edges { node { sourceId open { amount } } } }",
    ),
    (
        "Query.bankRules",
        "/bankRules/edges",
        "bankRules(estateId: $estate, first: 100) { edges { node { id amount { amount } } } }",
    ),
];

/// What the lists are asked of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Made {
    pub(crate) bank: Value,
    pub(crate) line: Value,
}

async fn send(stage: &Stage, who: &Signed, name: &str, mut input: Value, wanted: &str) -> Value {
    input["idempotencyKey"] = json!(stage.id().to_string());
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let document = format!("mutation($input: {kind}!) {{ {name}(input: $input) {{ {wanted} }} }}");
    who.send("billing", &document, json!({ "input": input })).await.ok()[name].take()
}

/// One more row of every list for each of these billing accounts, all of the estate.
pub(crate) async fn make(stage: &Stage, accounts: &[Value]) -> Made {
    let mut made = Made::default();
    for (n, account) in accounts.iter().enumerate() {
        let bank = till_and_account(stage, n).await;
        if n == 0 {
            made.bank = bank;
        }
        let file = format!(
            "date,amount,description,reference\n2026-06-{:02},0.01,some line,R{n}\n",
            n + 1
        );
        let input = json!({ "accountId": made.bank, "format": "TABLE", "fileName": "a.csv",
            "content": STANDARD.encode(file) });
        send(stage, &stage.finance, "importBankStatement", input, "alreadyImported").await;
        let rule = json!({ "estateId": stage.estate.to_string(), "name": "rule",
            "textContains": "some", "kind": "ACCOUNT", "accountId": account });
        send(stage, &stage.finance, "addBankRule", rule, "rule { id }").await;
        payout(stage, n).await;
    }
    let lines =
        stage.ask(&stage.finance, "bankLines(estateId: $estate, first: 1) { nodes { id } }");
    made.line = lines.await.ok()["bankLines"]["nodes"][0]["id"].clone();
    made
}

/// A shift, cash on its way and a bank account; the account's id.
async fn till_and_account(stage: &Stage, n: usize) -> Value {
    let estate = stage.estate.to_string();
    let cashier = stage.company.staff("CASH", stage.estate).await;
    let input = json!({ "estateId": estate, "desk": "desk" });
    send(stage, &cashier, "openCashierShift", input, "shift { id }").await;
    let input = json!({ "estateId": estate, "amount": "0.02", "slipNumber": format!("S{n}") });
    send(stage, &cashier, "carryCash", input, "deposit { id }").await;
    let input = json!({ "estateId": estate, "name": "bank", "number": format!("6222{n:04}") });
    let added = send(stage, &stage.finance, "addBankAccount", input, "account { id }").await;
    added["account"]["id"].clone()
}

/// Something in the books that no statement shows.
async fn payout(stage: &Stage, n: usize) {
    let scope = stage.company.world.db("billing").write(stage.company.tenant).await.unwrap();
    let posting = Posting {
        estate: stage.estate,
        entry: Entry::payout(Fen(5), Currency::CNY).unwrap(),
        date: "2026-06-30".parse().unwrap(),
        source: format!("po_{n}"),
        memo: String::new(),
    };
    ledger::post(&scope, posting).await.unwrap();
    scope.commit().await.unwrap();
}
