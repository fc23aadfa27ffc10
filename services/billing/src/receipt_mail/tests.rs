//! Receipts arrive by e-mail: once, in the payer's language, as long as they are wanted.

use crate::stage::{Debt, Scene, scene};
use serde_json::{Value, json};
use testkit::{Answer, Signed, eventually, run};

async fn act(who: &Signed, name: &str, input: Value) -> Answer {
    let upper = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    let text = format!(
        "mutation($input: {upper}Input!) {{ {name}(input: $input) {{ receiptMail {{ address wanted }} }} }}"
    );
    who.send("billing", &text, json!({ "input": input })).await
}

async fn wants(who: &Signed, debt: &Debt, address: &str, language: &str) -> Answer {
    let input = json!({ "accountId": debt.account, "address": address, "language": language });
    act(who, "setReceiptMail", input).await
}

async fn deliveries(scene: &Scene, debt: &Debt) -> Value {
    let text = "query($id: ID!) { receiptDeliveries(accountId: $id) { edges { node { receiptId address state tries failure } } } }";
    let data = scene.finance.send("billing", text, json!({ "id": debt.account })).await.ok();
    data["receiptDeliveries"]["edges"].clone()
}

async fn ends(scene: &Scene, debt: &Debt, state: &str) -> Value {
    eventually(&format!("the mail is {state}"), || async {
        deliveries(scene, debt).await[0]["node"]["state"] == state
    })
    .await;
    deliveries(scene, debt).await[0]["node"].clone()
}

/// As [`ends`], while time goes on: when a try ends is not seen from outside.
async fn ends_in_time(scene: &Scene, debt: &Debt, state: &str) -> Value {
    eventually(&format!("in time the mail is {state}"), || async {
        scene.later(10);
        deliveries(scene, debt).await[0]["node"]["state"] == state
    })
    .await;
    deliveries(scene, debt).await[0]["node"].clone()
}

#[test]
fn a_receipt_arrives_with_number_lines_amount_and_capitals() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        scene.take(&scene.desk, &debt.account, "1", "key-0000").await.ok();
        let set = wants(&scene.owner, &debt, " wang@example.com ", "EN").await.ok();
        let want = json!({ "address": "wang@example.com", "wanted": true });
        assert_eq!(set["setReceiptMail"]["receiptMail"], want);
        let paid = scene.take(&scene.desk, &debt.account, "900", "key-0001").await.ok();
        let sent = ends(&scene, &debt, "SENT").await;
        let receipt = &paid["takePayment"]["payment"]["receipts"][0];
        assert_eq!(sent["receiptId"], receipt["id"]);
        assert_eq!((&sent["address"], &sent["tries"]), (&json!("w***@example.com"), &json!(1)));
        // The receipt of before is not sent.
        let arrived = scene.stage.mail.arrived();
        assert_eq!(arrived.len(), 1);
        assert_eq!(arrived[0].to, "RCPT TO:<wang@example.com>");
        let id = receipt["id"].as_str().unwrap();
        assert_eq!(arrived[0].header("Message-ID"), format!("<{id}@estate.example>"));
        assert_eq!(arrived[0].header("From"), "Estate <mail@estate.example>");
        let [plain, html] = &arrived[0].parts()[..] else { panic!("{arrived:?}") };
        let want = "Receipt\n\nNumber: FCH-SJ-202607-000002\nDay: 2026-07-31\nPaid by: 王芳\n\
                    Amount: 900.00 CNY\nIn capitals: 人民币玖佰元整\n\n\
                    - 账单 2026-07 / Bill 2026-07: 834.86 CNY\n- 预收款 / Prepayment: 65.14 CNY\n\n--\n\
                    You get the receipts of 枫林花园 by e-mail because you asked for them. You can stop them in the app at any time.\n";
        assert_eq!(plain, want);
        for part in ["<html lang=\"en\">", "FCH-SJ-202607-000002", "834.86 CNY", "人民币玖佰元整"]
        {
            assert!(html.contains(part), "{html}");
        }
    });
}

#[test]
fn a_server_that_is_busy_is_tried_again_and_one_that_refuses_is_not() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        wants(&scene.owner, &debt, "wang@example.com", "ZH").await.ok();
        scene.stage.mail.refuse("451 later");
        scene.stage.mail.refuse("451 later still");
        scene.take(&scene.desk, &debt.account, "100", "key-0001").await.ok();
        let sent = ends_in_time(&scene, &debt, "SENT").await;
        // A worker that loses its lease to time that jumps may try once more than the two refused.
        assert!(sent["tries"].as_i64() >= Some(3), "{sent}");
        assert_eq!(sent["failure"], Value::Null);
        let plain = scene.stage.mail.arrived()[0].parts()[0].clone();
        assert!(plain.starts_with("收据\n\n编号: FCH-SJ-202607-000001\n"), "{plain}");
        scene.later(1);
        scene.stage.mail.refuse("550 no such user");
        scene.take(&scene.desk, &debt.account, "100", "key-0002").await.ok();
        let failed = ends(&scene, &debt, "FAILED").await;
        assert!(failed["failure"].as_str().unwrap().contains("no such user"), "{failed}");
        // However often the first was tried, it is one mail; the second never arrived.
        let arrived = scene.stage.mail.arrived();
        let id = arrived[0].header("Message-ID");
        assert!(arrived.iter().all(|mail| mail.header("Message-ID") == id), "{arrived:?}");
    });
}

#[test]
fn no_mail_after_it_is_stopped_and_none_of_a_void_receipt() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        wants(&scene.owner, &debt, "wang@example.com", "ZH").await.ok();
        scene.stage.mail.refuse("451 later");
        scene.take(&scene.desk, &debt.account, "100", "key-0001").await.ok();
        eventually("it was tried", || async {
            deliveries(&scene, &debt).await[0]["node"]["failure"].is_string()
        })
        .await;
        let stop = json!({ "accountId": debt.account });
        for _ in 0..2 {
            let stopped = act(&scene.owner, "stopReceiptMail", stop.clone()).await.ok();
            assert_eq!(stopped["stopReceiptMail"]["receiptMail"]["wanted"], false);
        }
        scene.take(&scene.desk, &debt.account, "100", "key-0002").await.ok();
        ends_in_time(&scene, &debt, "DROPPED").await;
        assert_eq!(deliveries(&scene, &debt).await.as_array().unwrap().len(), 1);
        // Wanted again, but the receipt is voided before the server takes its mail.
        wants(&scene.owner, &debt, "wang@example.com", "ZH").await.ok();
        scene.later(1);
        scene.stage.mail.refuse("451 later");
        let paid = scene.take(&scene.desk, &debt.account, "100", "key-0003").await.ok();
        eventually("it was tried", || async {
            deliveries(&scene, &debt).await[0]["node"]["failure"].is_string()
        })
        .await;
        let void =
            "mutation($input: VoidReceiptInput!) { voidReceipt(input: $input) { receipt { id } } }";
        let input = json!({ "receiptId": paid["takePayment"]["payment"]["receipts"][0]["id"],
            "reason": "打印错误", "idempotencyKey": "key-0004" });
        scene.director.send("billing", void, json!({ "input": input })).await.ok();
        ends_in_time(&scene, &debt, "DROPPED").await;
        assert!(scene.stage.mail.arrived().is_empty());
    });
}

#[test]
fn an_address_is_the_payers_own_affair() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        let wrong = wants(&scene.owner, &debt, "wang@example", "ZH").await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "address"));
        let neighbour = scene.company.resident(scene.stage.world.clock.uuid()).await;
        let hidden = wants(&neighbour, &debt, "li@example.com", "ZH").await;
        assert_eq!(hidden.code(), "NOT_FOUND");
        let refused = wants(&scene.finance, &debt, "li@example.com", "ZH").await;
        assert_eq!(refused.code(), "FORBIDDEN");
        let by_desk = wants(&scene.desk, &debt, "wang@example.com", "ZH").await.ok();
        assert_eq!(by_desk["setReceiptMail"]["receiptMail"]["address"], "w***@example.com");
        let ask = "query($id: ID!) { receiptMail(accountId: $id) { address } }";
        let ask = |who| {
            let id = json!({ "id": debt.account });
            async move { Signed::send(who, "billing", ask, id).await }
        };
        assert_eq!(ask(&scene.owner).await.ok()["receiptMail"]["address"], "wang@example.com");
        assert_eq!(ask(&scene.finance).await.ok()["receiptMail"]["address"], "w***@example.com");
        assert_eq!(ask(&neighbour).await.code(), "NOT_FOUND");
    });
}
