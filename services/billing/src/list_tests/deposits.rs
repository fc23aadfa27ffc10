//! Of deposits and settlements at leaving.

use super::{List, Rows, Who};
use serde_json::{Value, json};

pub(super) fn lists() -> Vec<List> {
    use Who::{Finance, Owner};
    vec![
        (
            "Query.deposits",
            "/deposits/edges",
            Finance,
            "deposits(estateId: $estate, first: 100) { edges { node { id account { id } receipts { number } \
             movements { day } deductions { id } refunds { id } } } }",
        ),
        (
            "Query.myDeposits",
            "/myDeposits/edges",
            Owner,
            "myDeposits(first: 100) { edges { node { id account { id } receipts { number } movements { day } } } }",
        ),
        (
            "Query.leavings",
            "/leavings/edges",
            Finance,
            "leavings(estateId: $estate, first: 100) { edges { node { id account { id } receipts { number } sheet { net { amount } } } } }",
        ),
    ]
}

impl Rows {
    /// A deposit that is held, and a settlement that was not carried out.
    pub(super) async fn deposit_and_leave(&self) {
        let stage = &self.stage;
        let desk = stage.company.staff("DESK", stage.estate).await;
        let key = || stage.id().to_string();
        let act = async |text: &str, input: Value| {
            desk.send("billing", text, json!({ "input": input })).await.ok()
        };
        let ask = "mutation($input: RequestDepositInput!) { requestDeposit(input: $input) { deposit { id } } }";
        let input = json!({ "accountId": self.account, "kind": "PASS", "amount": "1.00",
            "agreement": "A", "idempotencyKey": key() });
        let id = act(ask, input).await["requestDeposit"]["deposit"]["id"].clone();
        let take =
            "mutation($input: TakeDepositInput!) { takeDeposit(input: $input) { deposit { id } } }";
        act(take, json!({ "depositId": id, "till": "CASH", "idempotencyKey": key() })).await;
        let prepare = "mutation($input: PrepareLeavingInput!) { prepareLeaving(input: $input) { leaving { id } } }";
        let leaving = json!({ "accountId": self.account, "leavesOn": "2027-12-31" });
        let id = act(prepare, json!({ "leaving": leaving, "idempotencyKey": key() })).await;
        let id = id["prepareLeaving"]["leaving"]["id"].clone();
        let cancel = "mutation($input: CancelLeavingInput!) { cancelLeaving(input: $input) { leaving { id } } }";
        act(cancel, json!({ "leavingId": id, "reason": "改期", "idempotencyKey": key() })).await;
    }
}
