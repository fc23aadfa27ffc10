//! Invoices from the request to the credit, and who may not.

mod late_fees;

use crate::{
    documents::tests::fetch,
    stage::{Debt, Scene, scene},
};
use ids::EstateId;
use serde_json::{Value, json};
use testkit::{Answer, Signed, run};

const INVOICE: &str = "id state creditsId creditDue buyer buyerTaxNumber seller number link reason \
     gross { amount } net { amount } tax { amount } \
     lines { text taxCode rate gross { amount } net { amount } tax { amount } }";

async fn send(who: &Signed, operation: &str, kind: &str, input: Value, fields: &str) -> Answer {
    let text = format!("mutation($input: {kind}!) {{ {operation}(input: $input) {{ {fields} }} }}");
    who.send("billing", &text, json!({ "input": input })).await
}

/// The fee item `SERVICE` of the stage.
async fn item(scene: &Scene) -> String {
    let text = "query($id: ID!) { _entities(representations: [{ __typename: \"Estate\", id: $id }]) \
                { ... on Estate { feeItems { id code } } } }";
    let estate = json!({ "id": scene.estate.to_string() });
    let data = scene.finance.send("billing", text, estate).await.ok();
    let items = data["_entities"][0]["feeItems"].as_array().unwrap().clone();
    items.iter().find(|item| item["code"] == "SERVICE").unwrap()["id"].as_str().unwrap().to_owned()
}

async fn seller(finance: &Signed) {
    let input = json!({ "name": "合肥东宇物业", "taxNumber": "91350100m000100y43", "address": "合肥市",
        "phone": "0551-65000000", "bank": "徽商银行", "bankAccount": "6222000011112222" });
    send(finance, "setInvoiceSeller", "SetInvoiceSellerInput", input, "seller { taxNumber }")
        .await
        .ok();
}

async fn class(scene: &Scene, from: &str, rate: &str) -> Answer {
    class_of(&scene.finance, &item(scene).await, from, rate).await
}

async fn class_of(finance: &Signed, item: &str, from: &str, rate: &str) -> Answer {
    let input = json!({ "feeItemId": item, "from": from, "rate": rate,
        "code": "3040801010000000000", "name": "*生活服务*特约服务" });
    let fields = "taxClass { id rate }";
    send(finance, "setInvoiceTaxClass", "SetInvoiceTaxClassInput", input, fields).await
}

async fn pay(scene: &Scene, debt: &Debt, amount: &str, key: &str) -> Value {
    let input = json!({ "accountId": debt.account, "billIds": [debt.bill], "amount": amount,
        "till": "CASH", "idempotencyKey": key });
    scene.take_as(&scene.cashier, input).await.ok()["takePayment"]["payment"].clone()
}

async fn request(who: &Signed, bills: &[&str], key: &str) -> Answer {
    let input = json!({ "billIds": bills, "idempotencyKey": key });
    let fields = format!("invoice {{ {INVOICE} }}");
    send(who, "requestInvoice", "RequestInvoiceInput", input, &fields).await
}

async fn export(scene: &Scene, key: &str) -> Value {
    export_of(&scene.finance, scene.estate, key).await
}

async fn export_of(finance: &Signed, estate: EstateId, key: &str) -> Value {
    let input = json!({ "estateId": estate.to_string(), "format": "CSV", "idempotencyKey": key });
    let done = send(finance, "exportInvoices", "ExportInvoicesInput", input, "link invoices");
    done.await.ok()["exportInvoices"].clone()
}

async fn result(scene: &Scene, result: Value, key: &str) -> Answer {
    result_of(&scene.finance, scene.estate, result, key).await
}

async fn result_of(finance: &Signed, estate: EstateId, result: Value, key: &str) -> Answer {
    let input = json!({ "estateId": estate.to_string(), "results": [result],
        "idempotencyKey": key });
    let fields = format!("invoices {{ {INVOICE} }}");
    send(finance, "recordInvoiceResults", "RecordInvoiceResultsInput", input, &fields).await
}

async fn seen(who: &Signed, id: &Value) -> Answer {
    let text = format!("query($id: ID!) {{ invoice(id: $id) {{ {INVOICE} }} }}");
    who.send("billing", &text, json!({ "id": id })).await
}

/// A paid bill of 852.58 in an estate that can invoice, its payment and invoice.
async fn requested() -> (Scene, Debt, Value, Value) {
    let scene = scene().await;
    seller(&scene.finance).await;
    class(&scene, "2026-01-01", "0.06").await.ok();
    let debt = scene.owes("card-1", 85_258).await;
    let payment = pay(&scene, &debt, "852.58", "key-0001").await;
    let made = request(&scene.owner, &[&debt.bill], "key-0002").await.ok();
    let invoice = made["requestInvoice"]["invoice"].clone();
    (scene, debt, payment, invoice)
}

/// As [`requested`], and issued.
async fn issued() -> (Scene, Debt, Value, Value) {
    let (scene, debt, payment, invoice) = requested().await;
    export(&scene, "key-0003").await;
    let answer = json!({ "invoiceId": invoice["id"], "number": "24342000000012345678",
        "issuedOn": "2026-07-31", "link": "https://invoices.example/1" });
    let done = result(&scene, answer, "key-0004").await.ok();
    assert_eq!(done["recordInvoiceResults"]["invoices"][0]["state"], "ISSUED");
    (scene, debt, payment, invoice)
}

#[test]
fn a_paid_bill_of_852_58_is_invoiced_with_its_tax_to_the_fen() {
    run(async {
        let (scene, debt, _, invoice) = requested().await;
        let amounts = ["gross", "net", "tax"].map(|of| invoice[of]["amount"].clone());
        // 852.58 / 1.06 = 804.320… → 804.32.
        assert_eq!(amounts, ["852.58", "804.32", "48.26"].map(|text| json!(text)));
        assert_eq!(
            (&invoice["buyer"], &invoice["seller"]),
            (&json!("王芳"), &json!("合肥东宇物业"))
        );
        assert_eq!(invoice["lines"][0]["taxCode"], "3040801010000000000");
        // A repeat is the same request; another one of the same bill is refused.
        let again = request(&scene.owner, &[&debt.bill], "key-0002").await.ok();
        assert_eq!(again["requestInvoice"]["invoice"]["id"], invoice["id"]);
        let twice = request(&scene.finance, &[&debt.bill], "key-0005").await;
        assert_eq!(twice.code(), "CONFLICT");
        let handed = export(&scene, "key-0003").await;
        assert_eq!(handed["invoices"], 1);
        assert_eq!(export(&scene, "key-0003").await["invoices"], 1, "a repeat hands over the same");
        let (_, kind, file) = fetch(&scene.stage.world, handed["link"].as_str().unwrap()).await;
        assert!(kind.starts_with("text/csv"), "{kind}");
        let file = String::from_utf8(file).unwrap();
        for part in
            [invoice["id"].as_str().unwrap(), "852.58", "804.32", "48.26", "91350100M000100Y43"]
        {
            assert!(file.contains(part), "{part} in {file}");
        }
    });
}

#[test]
fn an_answer_issues_or_refuses_and_a_refused_line_can_be_invoiced_again() {
    run(async {
        let (scene, debt, _, invoice) = requested().await;
        let issued = json!({ "invoiceId": invoice["id"], "number": "24342000000012345678",
            "issuedOn": "2026-07-31" });
        // Before it is handed over there is nothing to answer.
        assert_eq!(result(&scene, issued.clone(), "key-0010").await.code(), "CONFLICT");
        export(&scene, "key-0003").await;
        let unclear = json!({ "invoiceId": invoice["id"] });
        let answer = result(&scene, unclear, "key-0011").await;
        assert_eq!((answer.code(), answer.field()), ("INVALID", "number"));
        let refused = json!({ "invoiceId": invoice["id"], "refusal": "抬头有误" });
        let done = result(&scene, refused, "key-0012").await.ok();
        assert_eq!(done["recordInvoiceResults"]["invoices"][0]["state"], "REFUSED");
        let again = request(&scene.owner, &[&debt.bill], "key-0013").await.ok();
        let again = &again["requestInvoice"]["invoice"];
        assert_ne!(again["id"], invoice["id"]);
        let input = json!({ "invoiceId": again["id"], "reason": "不需要了" });
        let cancel = |input: Value| {
            send(&scene.owner, "cancelInvoice", "CancelInvoiceInput", input, "invoice { state }")
        };
        let gone = cancel(input.clone()).await.ok();
        assert_eq!(gone["cancelInvoice"]["invoice"]["state"], "CANCELLED");
        assert_eq!(cancel(input).await.code(), "CONFLICT");
    });
}

#[test]
fn money_that_went_back_asks_for_a_credit_invoice() {
    run(async {
        let (scene, debt, payment, invoice) = issued().await;
        let due =
            "query($id: ID!) { invoices(estateId: $id, creditDue: true) { nodes { id state } } }";
        let estate = json!({ "id": scene.estate.to_string() });
        let waiting = async || {
            let data = scene.finance.send("billing", due, estate.clone()).await.ok();
            data["invoices"]["nodes"].as_array().unwrap().len()
        };
        assert_eq!(waiting().await, 0);
        let id = payment["id"].as_str().unwrap();
        let asked = scene.ask_refund(&scene.desk, id, "852.58", "key-0020").await.ok();
        let refund = asked["requestRefund"]["refund"]["id"].as_str().unwrap().to_owned();
        scene.approve(&scene.director, &refund, "key-0021").await.ok();
        assert_eq!(waiting().await, 1);
        assert_eq!(seen(&scene.owner, &invoice["id"]).await.ok()["invoice"]["creditDue"], true);
        let credit = async |who: &Signed, key: &str| {
            let input =
                json!({ "invoiceId": invoice["id"], "reason": "退款", "idempotencyKey": key });
            let fields = format!("invoice {{ {INVOICE} }}");
            send(who, "requestCreditInvoice", "RequestCreditInvoiceInput", input, &fields).await
        };
        assert_eq!(credit(&scene.owner, "key-0022").await.code(), "NOT_FOUND");
        assert_eq!(credit(&scene.desk, "key-0022").await.code(), "FORBIDDEN");
        let red = credit(&scene.finance, "key-0022").await.ok();
        let red = red["requestCreditInvoice"]["invoice"].clone();
        let amounts = ["gross", "net", "tax"].map(|of| red[of]["amount"].clone());
        assert_eq!(amounts, ["-852.58", "-804.32", "-48.26"].map(|text| json!(text)));
        assert_eq!(red["creditsId"], invoice["id"]);
        assert_eq!(credit(&scene.finance, "key-0023").await.code(), "CONFLICT", "one at a time");
        assert_eq!(waiting().await, 0);
        // Once it is issued and the bill paid again, its line can be invoiced anew.
        scene.later(1);
        export(&scene, "key-0024").await;
        let answer = json!({ "invoiceId": red["id"], "number": "24342000000012345679",
            "issuedOn": "2026-07-31" });
        result(&scene, answer, "key-0025").await.ok();
        let unpaid = request(&scene.owner, &[&debt.bill], "key-0026").await;
        assert_eq!(unpaid.code(), "CONFLICT");
        pay(&scene, &debt, "852.58", "key-0027").await;
        request(&scene.owner, &[&debt.bill], "key-0028").await.ok();
    });
}

#[test]
fn what_cannot_be_invoiced_is_refused() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 10_000).await;
        let code = async |key: &str| {
            let answer = request(&scene.owner, &[&debt.bill], key).await;
            (answer.code().to_owned(), answer.message().to_owned())
        };
        let (unpaid, why) = code("key-0030").await;
        assert!(unpaid == "CONFLICT" && why.contains("paid in full"), "{why}");
        pay(&scene, &debt, "100", "key-0031").await;
        let (no_seller, why) = code("key-0032").await;
        assert!(no_seller == "CONFLICT" && why.contains("seller"), "{why}");
        seller(&scene.finance).await;
        let (no_class, why) = code("key-0033").await;
        assert!(no_class == "CONFLICT" && why.contains("no tax class"), "{why}");
        class(&scene, "2027-01-01", "0.06").await.ok();
        assert_eq!(code("key-0034").await.0, "CONFLICT", "a class that has not begun is none");
        class(&scene, "2026-07-01", "0.06").await.ok();
        assert_eq!(class(&scene, "2026-07-01", "0.09").await.field(), "from");
        class(&scene, "2026-07-01", "0.06").await.ok();
        assert_eq!(class(&scene, "2026-08-01", "1.01").await.field(), "rate");
        request(&scene.owner, &[&debt.bill], "key-0035").await.ok();
    });
}

#[test]
fn a_deposit_is_never_invoiced() {
    run(async {
        use crate::ledger::{self, Account, Entry, EntryKind, Line, Posting};
        use money::{Currency, Fen};
        let scene = scene().await;
        seller(&scene.finance).await;
        class(&scene, "2026-01-01", "0.06").await.ok();
        let debt = scene.owes("deposit-1", 200_000).await;
        pay(&scene, &debt, "2000", "key-0040").await;
        // The bill's entry is one of a deposit, as a feature that bills deposits posts it.
        let scope = scene.stage.world.db("billing").write(scene.company.tenant).await.unwrap();
        let account = debt.account.parse().unwrap();
        let line = |account, amount| Line { account, amount: Fen(amount), currency: Currency::CNY };
        let lines = vec![
            line(Account::Receivable(account), 200_000),
            line(Account::DepositLiability(account), -200_000),
        ];
        let posting = Posting {
            estate: scene.estate,
            entry: Entry::new(EntryKind::Deposit, lines).unwrap(),
            date: "2026-07-31".parse().unwrap(),
            source: debt.bill.clone(),
            memo: String::new(),
        };
        let entry = ledger::post(&scope, posting).await.unwrap();
        let bill = crate::ids::BillId::as_uuid(debt.bill.parse().unwrap());
        let sql = "UPDATE bills SET entry_id = $2 WHERE tenant_id = $1 AND id = $3";
        scope.execute(sql, [entry.as_uuid().into(), bill.into()]).await.unwrap();
        scope.commit().await.unwrap();
        let answer = request(&scene.owner, &[&debt.bill], "key-0041").await;
        assert_eq!(answer.code(), "CONFLICT");
        assert!(answer.message().contains("deposits are never invoiced"), "{}", answer.message());
    });
}

#[test]
fn a_title_is_kept_for_its_account_and_its_number_is_checked() {
    run(async {
        let (scene, ..) = requested().await;
        let debt = scene.owes("card-2", 1_000).await;
        pay(&scene, &debt, "10", "key-0050").await;
        let keep = async |who: &Signed, number: &str| {
            let input =
                json!({ "accountId": debt.account, "name": "=安徽宏饰装修", "taxNumber": number });
            send(who, "keepInvoiceTitle", "KeepInvoiceTitleInput", input, "title { id taxNumber }")
                .await
        };
        let wrong = keep(&scene.owner, "91350100M000100Y44").await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "taxNumber"));
        let kept = keep(&scene.owner, "91350100m000100y43").await.ok();
        let title = kept["keepInvoiceTitle"]["title"]["id"].clone();
        let input =
            json!({ "billIds": [debt.bill], "titleId": title, "idempotencyKey": "key-0051" });
        let fields = format!("invoice {{ {INVOICE} }}");
        let made =
            send(&scene.owner, "requestInvoice", "RequestInvoiceInput", input, &fields).await.ok();
        let invoice = &made["requestInvoice"]["invoice"];
        assert_eq!(invoice["buyerTaxNumber"], "91350100M000100Y43");
        // What could run as a formula is escaped in files.
        let input = json!({ "estateId": scene.estate.to_string(), "format": "CSV" });
        let listed =
            send(&scene.finance, "listInvoices", "ListInvoicesInput", input, "link invoices");
        let listed = listed.await.ok()["listInvoices"].clone();
        assert_eq!(listed["invoices"], 2);
        let (_, _, file) = fetch(&scene.stage.world, listed["link"].as_str().unwrap()).await;
        assert!(String::from_utf8(file).unwrap().contains("'=安徽宏饰装修"));
    });
}

#[test]
fn strangers_see_and_do_nothing() {
    run(async {
        let (scene, debt, _, invoice) = requested().await;
        let neighbour = scene.company.resident(scene.stage.world.clock.uuid()).await;
        let elsewhere = scene.company.estate("NTH", "北苑").await;
        let desk = scene.company.staff("DESK", elsewhere).await;
        let guard = scene.company.staff("SEC", scene.estate).await;
        for who in [&neighbour, &desk, &guard] {
            assert_eq!(seen(who, &invoice["id"]).await.code(), "NOT_FOUND");
            assert_eq!(request(who, &[&debt.bill], "key-0060").await.code(), "NOT_FOUND");
            let input = json!({ "invoiceId": invoice["id"], "reason": "x" });
            let gone = send(who, "cancelInvoice", "CancelInvoiceInput", input, "invoice { state }");
            assert_eq!(gone.await.code(), "NOT_FOUND");
        }
        let director = request(&scene.director, &[&debt.bill], "key-0061").await;
        assert_eq!(director.code(), "FORBIDDEN");
        // An answer to an invoice of another estate is an answer to none.
        export(&scene, "key-0062").await;
        let input = json!({ "estateId": elsewhere.to_string(), "idempotencyKey": "key-0063",
            "results": [{ "invoiceId": invoice["id"], "refusal": "x" }] });
        let other = send(
            &scene.finance,
            "recordInvoiceResults",
            "RecordInvoiceResultsInput",
            input,
            "invoices { id }",
        );
        assert_eq!(other.await.code(), "NOT_FOUND");
        let mine = "{ myInvoices { nodes { id gross { amount } } } }";
        let own = scene.owner.send("billing", mine, json!({})).await.ok();
        assert_eq!(own["myInvoices"]["nodes"][0]["id"], invoice["id"]);
        let none = neighbour.send("billing", mine, json!({})).await.ok();
        assert_eq!(none["myInvoices"]["nodes"], json!([]));
    });
}
