//! Invoices of what was paid late, and of what was waived.

use super::{INVOICE, class_of, export_of, request, result_of, seller, send};
use crate::{
    dunning::tests::{Scene, scene},
    late_fees::tests::late_fees,
};
use serde_json::{Value, json};
use testkit::{Signed, run};

/// Scenario 1 on the fortieth day of delay, in an estate that can invoice.
struct Late {
    scene: Scene,
    cashier: Signed,
}

impl Late {
    async fn new() -> Self {
        let scene = scene("2026-07-01", "2026-07", ("3-1-1201", "118.56")).await;
        late_fees(&scene.stage, json!({})).await;
        seller(&scene.stage.finance).await;
        class_of(&scene.stage.finance, &scene.item, "2026-01-01", "0.06").await.ok();
        scene.stage.company.world.clock.set("2026-08-24T04:00:00Z".parse().unwrap());
        Self { cashier: scene.stage.company.staff("CASH", scene.stage.estate).await, scene }
    }

    async fn pays(&self, amount: &str) -> Value {
        let text =
            "mutation($input: TakePaymentInput!) { takePayment(input: $input) { payment { id } } }";
        let input = json!({ "accountId": self.scene.account, "amount": amount, "till": "CASH",
            "idempotencyKey": format!("pay-{amount}-{}", self.scene.stage.id()) });
        let paid = self.cashier.send("billing", text, json!({ "input": input })).await.ok();
        paid["takePayment"]["payment"]["id"].clone()
    }

    fn bill(&self) -> &str {
        self.scene.bill.as_str().unwrap()
    }

    async fn invoiced(&self, key: &str) -> Value {
        let made = request(&self.scene.owner, &[self.bill()], key).await.ok();
        made["requestInvoice"]["invoice"].clone()
    }

    async fn issued(&self, invoice: &Value, number: &str) {
        let stage = &self.scene.stage;
        export_of(&stage.finance, stage.estate, &format!("export-{number}")).await;
        let answer =
            json!({ "invoiceId": invoice["id"], "number": number, "issuedOn": "2026-08-24" });
        let key = format!("result-{number}");
        result_of(&stage.finance, stage.estate, answer, &key).await.ok();
    }
}

fn amounts(of: &Value) -> [&Value; 3] {
    ["gross", "net", "tax"].map(|field| &of[field]["amount"])
}

#[test]
fn scenario_1_is_invoiced_over_852_58_and_taken_back_whole() {
    run(async {
        let late = Late::new().await;
        late.pays("852.58").await;
        let invoice = late.invoiced("ask-00001").await;
        // 3 × 278.62 and 16.72, each line with its own tax.
        assert_eq!(amounts(&invoice), ["852.58", "804.32", "48.26"]);
        let lines = invoice["lines"].as_array().unwrap();
        assert_eq!(lines.len(), 4);
        assert_eq!(amounts(&lines[0]), ["278.62", "262.85", "15.77"]);
        assert_eq!(amounts(&lines[3]), ["16.72", "15.77", "0.95"]);
        assert_eq!(lines[3]["text"], "账单 2026-07 至 2026-09 违约金");
        assert_eq!(lines[3]["taxCode"], lines[0]["taxCode"], "it follows the main item");
        let twice = request(&late.scene.owner, &[late.bill()], "ask-00002").await;
        assert_eq!(twice.code(), "CONFLICT");

        late.issued(&invoice, "24342000000012345678").await;
        let finance = &late.scene.stage.finance;
        let input = json!({ "invoiceId": invoice["id"], "reason": "抬头有误", "idempotencyKey": "credit-001" });
        let fields = format!("invoice {{ {INVOICE} }}");
        let red =
            send(finance, "requestCreditInvoice", "RequestCreditInvoiceInput", input, &fields);
        let red = red.await.ok()["requestCreditInvoice"]["invoice"].take();
        assert_eq!(amounts(&red), ["-852.58", "-804.32", "-48.26"]);
        assert_eq!(amounts(&red["lines"][3]), ["-16.72", "-15.77", "-0.95"]);
        late.issued(&red, "24342000000012345679").await;
        // What is still paid is invoiced anew, and once.
        assert_eq!(amounts(&late.invoiced("ask-00003").await)[0], "852.58");
        let twice = request(&late.scene.owner, &[late.bill()], "ask-00004").await;
        assert_eq!(twice.code(), "CONFLICT");
    });
}

#[test]
fn a_late_fee_that_is_paid_later_has_an_invoice_of_its_own() {
    run(async {
        let late = Late::new().await;
        late.pays("835.86").await;
        let first = late.invoiced("ask-00001").await;
        assert_eq!(amounts(&first)[0], "835.86");
        assert_eq!(first["lines"].as_array().unwrap().len(), 3);
        let nothing = request(&late.scene.owner, &[late.bill()], "ask-00002").await;
        assert_eq!(nothing.code(), "CONFLICT");
        let paid = late.pays("16.72").await;
        let second = late.invoiced("ask-00003").await;
        assert_eq!(amounts(&second), ["16.72", "15.77", "0.95"]);
        assert_eq!(second["lines"][0]["taxCode"], first["lines"][0]["taxCode"]);
        assert_eq!(second["creditDue"], false);
        let nothing = request(&late.scene.owner, &[late.bill()], "ask-00004").await;
        assert_eq!(nothing.code(), "CONFLICT");

        // The late fee goes back: its invoice is to be credited, that of the bill is not.
        let desk = &late.scene.desk;
        let ask = json!({ "paymentId": paid, "amount": "16.72", "reason": "协商", "idempotencyKey": "refund-001" });
        let asked = send(desk, "requestRefund", "RequestRefundInput", ask, "refund { id }");
        let refund = asked.await.ok()["requestRefund"]["refund"]["id"].take();
        let yes = json!({ "refundId": refund, "idempotencyKey": "refund-002" });
        let director = &late.scene.stage.director;
        send(director, "approveRefund", "ApproveRefundInput", yes, "refund { id }").await.ok();
        let due = async |invoice: &Value| {
            super::seen(&late.scene.owner, &invoice["id"]).await.ok()["invoice"]["creditDue"].take()
        };
        assert_eq!((due(&first).await, due(&second).await), (json!(false), json!(true)));
    });
}

#[test]
fn what_was_waived_is_not_invoiced() {
    run(async {
        let late = Late::new().await;
        let scene = &late.scene;
        let ask = json!({ "billId": scene.bill, "of": "PRINCIPAL", "amount": "35.86",
            "reason": "服务不到位", "evidence": "工单 T-1", "idempotencyKey": "waive-0001" });
        let asked = send(&scene.desk, "requestWaiver", "RequestWaiverInput", ask, "waiver { id }");
        let waiver = asked.await.ok()["requestWaiver"]["waiver"]["id"].take();
        let yes = json!({ "waiverId": waiver, "idempotencyKey": "waive-0002" });
        let finance = &scene.stage.finance;
        send(finance, "approveWaiver", "ApproveWaiverInput", yes, "waiver { status }").await.ok();
        late.pays("800.00").await;
        let invoice = late.invoiced("ask-00001").await;
        assert_eq!(amounts(&invoice)[0], "800.00");
        let lines = invoice["lines"].as_array().unwrap().iter();
        let lines: Vec<&Value> = lines.map(|line| &line["gross"]["amount"]).collect();
        assert_eq!(lines, ["278.62", "278.62", "242.76"]);
        assert_eq!(invoice["creditDue"], false);
    });
}
