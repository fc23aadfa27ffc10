//! What is done again and again: billing a month, taking money at the counter, deposits.

use super::office::{CASHIER, DESK, FINANCE, Office, text};
use serde_json::{Value, json};

const PAYMENT: &str = "payment { id amount { amount } prepaid { amount } \
    parts { billId of amount { amount } } receipts { number } }";

impl Office {
    /// Finance bills a month, once the preview shows how many bills over how much.
    pub async fn bills_month(&self, month: &str, bills: u32, total: &str) {
        let estate = self.estate.to_string();
        let query = "query($id: ID!, $month: String!) { previewBillRun(estateId: $id, startMonth: $month) \
                     { bills total { amount } } }";
        let variables = json!({ "id": estate, "month": month });
        let expected = json!({ "bills": bills, "total": { "amount": total } });
        self.becomes(&format!("what {month} brings"), expected.clone(), || async {
            self.sees(FINANCE, query, variables.clone()).await["previewBillRun"].take()
        })
        .await;
        let input = json!({ "estateId": estate, "startMonth": month });
        let run = self.does(FINANCE, "startBillRun", input, "billRun { id }").await;
        let query = "query($id: ID!) { billRun(id: $id) { state bills amount { amount } } }";
        let id = json!({ "id": run["billRun"]["id"] });
        let done = json!({ "state": "DONE", "bills": bills, "amount": { "amount": total } });
        self.becomes(&format!("the run of {month}"), done, || async {
            self.sees(FINANCE, query, id.clone()).await["billRun"].take()
        })
        .await;
    }

    /// The cashier takes money; without bills it meets what is due first. `how` is the till and
    /// what the payer's slip says.
    pub async fn pays(
        &self,
        (name, label): (&str, &str),
        amount: &str,
        how: (&str, &str),
        bills: &[&Value],
    ) -> Value {
        let bills: Vec<&Value> = bills.iter().map(|bill| &bill["id"]).collect();
        let input = json!({ "accountId": self.account(name, label).await, "amount": amount,
            "till": how.0, "channelReference": how.1, "billIds": bills });
        self.does(CASHIER, "takePayment", input, PAYMENT).await["payment"].take()
    }

    /// Somebody pays one bill in cash, all of it and nothing else.
    pub async fn pays_bill(&self, who: (&str, &str), month: &str, amount: &str) {
        let bill = self.bill(who.0, who.1, month, amount).await;
        let paid = self.pays(who, amount, ("CASH", "现金"), &[&bill]).await;
        let expected = [(bill["id"].clone(), "PRINCIPAL".to_owned(), amount.to_owned())];
        assert_eq!(parts(&paid), expected, "{who:?} pays what was billed");
    }

    /// The desk asks for a deposit; its id.
    pub async fn asks_deposit(&self, who: (&str, &str), kind: &str, amount: &str) -> String {
        let input = json!({ "accountId": self.account(who.0, who.1).await, "kind": kind,
            "amount": amount, "agreement": "协议" });
        let made = self.does(DESK, "requestDeposit", input, "deposit { id }").await;
        text(&made["deposit"]["id"])
    }

    /// The cashier takes a deposit, which has a receipt and no bill.
    pub async fn pays_deposit(&self, deposit: &str, how: (&str, &str)) {
        let input = json!({ "depositId": deposit, "till": how.0, "channelReference": how.1 });
        let answer = "deposit { status receipts { kind } }";
        let taken = self.does(CASHIER, "takeDeposit", input, answer).await["deposit"].take();
        assert_eq!(taken, json!({ "status": "HELD", "receipts": [{ "kind": "DEPOSIT" }] }));
    }

    /// What the estate holds of deposits; the books say the same.
    pub async fn holds(&self) -> String {
        let query =
            "depositLiability(estateId: $estate) { held { amount } ledger { amount } agrees }";
        let held = self.sees_of_estate(FINANCE, query).await["depositLiability"].take();
        assert_eq!((&held["agrees"], &held["held"]), (&json!(true), &held["ledger"]));
        text(&held["held"]["amount"])
    }

    /// Who leaves is settled with: the desk prepares, `approver` approves, the cashier pays out.
    pub async fn settles(&self, leaving: Value, approver: &str, signed_by: &str) -> Value {
        let sheet = "leaving { id status successorBillId sheet { net { amount } credited { amount } owed { amount } \
                     unused { kept { amount } amount { amount } } deposits { amount { amount } } } }";
        let input = json!({ "leaving": leaving });
        let prepared = self.does(DESK, "prepareLeaving", input, sheet).await["leaving"].take();
        let input = json!({ "leavingId": prepared["id"] });
        self.does(approver, "approveLeaving", input.clone(), "leaving { id }").await;
        let input = json!({ "leavingId": prepared["id"], "signedBy": signed_by });
        let paid = self.does(CASHIER, "payLeaving", input, sheet).await["leaving"].take();
        assert_eq!(paid["status"], "SETTLED");
        paid
    }
}

/// What each bill got of a payment: the bill, principal or late fee, how much.
pub fn parts(payment: &Value) -> Vec<(Value, String, String)> {
    let part = |it: &Value| (it["billId"].clone(), text(&it["of"]), text(&it["amount"]["amount"]));
    payment["parts"].as_array().unwrap().iter().map(part).collect()
}

/// One part as [`parts`] answers it.
pub fn part(bill: &Value, of: &str, amount: &str) -> (Value, String, String) {
    (bill["id"].clone(), of.to_owned(), amount.to_owned())
}
