//! Of opening balances and receipts by mail.

use super::{List, Who};
use crate::testing::Stage;
use serde_json::{Value, json};

pub(super) fn lists() -> Vec<List> {
    use Who::Finance;
    vec![
        (
            "Query.openingBalancesOfEstate",
            "/openingBalancesOfEstate/edges",
            Finance,
            "openingBalancesOfEstate(estateId: $estate, first: 100) { edges { node { id totals { count } } } }",
        ),
        (
            "Query.receiptDeliveries",
            "/receiptDeliveries/edges",
            Finance,
            "receiptDeliveries(accountId: $account, first: ROWS) { edges { node { receiptId state } } }",
        ),
        (
            "Query.openingRows",
            "/openingRows/edges",
            Finance,
            "openingRows(openingId: $opening, first: 100) { edges { node { place problem } } }",
        ),
    ]
}

/// Drafts of opening balances, the first of them with many rows; its id.
pub(super) async fn openings(stage: &Stage, account: &Value, rows: usize) -> Value {
    let admin = stage.company.staff("CADM", None).await;
    let draft = "mutation($input: DraftOpeningBalancesInput!) { draftOpeningBalances(input: $input) { openingBalances { id } } }";
    let mut drafts = Vec::new();
    for n in 0..rows {
        let row = |m: usize| json!({ "kind": "DEPOSIT", "accountId": account, "amount": "1.00", "note": format!("{n}/{m}") });
        let given: Vec<Value> = (0..if n == 0 { rows } else { 1 }).map(row).collect();
        let input = json!({ "estateId": stage.estate.to_string(), "cutOverMonth": "2026-06", "rows": given,
            "idempotencyKey": stage.id().to_string() });
        let drafted = admin.send("billing", draft, json!({ "input": input })).await.ok();
        drafts.push(drafted["draftOpeningBalances"]["openingBalances"]["id"].clone());
    }
    drafts.swap_remove(0)
}
