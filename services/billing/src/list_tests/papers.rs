//! Of documents and invoices.

use super::{List, Rows, Who};
use crate::ids::UnitId;
use serde_json::{Value, json};

pub(super) fn lists() -> Vec<List> {
    use Who::{Finance, Owner};
    vec![
        (
            "Query.noticeBatches",
            "/noticeBatches/edges",
            Finance,
            "noticeBatches(estateId: $estate, first: 100) { edges { node { id state link } } }",
        ),
        (
            "Query.invoices",
            "/invoices/edges",
            Finance,
            "invoices(estateId: $estate, first: 100) { edges { node { id creditDue lines { text } } } }",
        ),
        (
            "Query.myInvoices",
            "/myInvoices/edges",
            Owner,
            "myInvoices(first: 100) { edges { node { id creditDue lines { text } } } }",
        ),
        (
            "Query.invoiceTaxClasses",
            "/invoiceTaxClasses/edges",
            Finance,
            "invoiceTaxClasses(estateId: $estate, first: 100) { edges { node { id rate } } }",
        ),
        (
            "Query.invoiceTitles",
            "/invoiceTitles/edges",
            Finance,
            "invoiceTitles(accountId: $account, first: 100) { edges { node { id name } } }",
        ),
    ]
}

impl Rows {
    /// A batch and a title, and the unit's bill paid and invoiced.
    pub(super) async fn print_and_invoice(&self, unit: UnitId) {
        let stage = &self.stage;
        let send = async |mutation: &str, kind: &str, mut input: Value, key: bool| {
            if key {
                input["idempotencyKey"] = json!(stage.id().to_string());
            }
            let text = format!(
                "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ __typename }} }}"
            );
            stage.finance.send("billing", &text, json!({ "input": input })).await.ok();
        };
        let estate = stage.estate.to_string();
        let batch = json!({ "estateId": estate });
        send("startNoticeBatch", "StartNoticeBatchInput", batch, true).await;
        let title = json!({ "accountId": self.account, "name": "翠湖置业" });
        send("keepInvoiceTitle", "KeepInvoiceTitleInput", title, false).await;
        let seller = json!({ "name": "东宇物业", "taxNumber": "91350100M000100Y43", "address": "合肥",
            "phone": "0551", "bank": "徽商银行", "bankAccount": "6222" });
        send("setInvoiceSeller", "SetInvoiceSellerInput", seller, false).await;
        let fields = "bills(first: 1) { edges { node { id account { id } outstanding { amount } \
                      lines { feeItem { id } } } } }";
        let seen = stage.unit(&stage.finance, unit, fields).await.ok();
        let bill = &seen["_entities"][0]["bills"]["edges"][0]["node"];
        for line in bill["lines"].as_array().unwrap() {
            let class = json!({ "feeItemId": line["feeItem"]["id"], "from": "2026-01-01",
                "rate": "0.06", "code": "3040801010000000000", "name": "物业服务" });
            send("setInvoiceTaxClass", "SetInvoiceTaxClassInput", class, false).await;
        }
        let open: money::Fen = bill["outstanding"]["amount"].as_str().unwrap().parse().unwrap();
        stage.pay(&bill["id"], &bill["account"]["id"], open.0).await;
        let request = json!({ "billIds": [bill["id"]] });
        send("requestInvoice", "RequestInvoiceInput", request, true).await;
    }
}
