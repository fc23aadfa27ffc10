//! Money at the counter, through the front door.

use crate::stage::{Debt, Scene, scene};
use futures::future::join_all;
use serde_json::{Value, json};
use testkit::run;

fn amount(value: &Value) -> &str {
    value["amount"].as_str().unwrap()
}

#[test]
fn a_bill_is_paid_in_full_and_receipted() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        let paid = scene.take(&scene.desk, &debt.account, "835.86", "key-0001").await.ok();
        let payment = &paid["takePayment"]["payment"];
        assert_eq!(payment["status"], "SUCCEEDED");
        assert_eq!(amount(&payment["prepaid"]), "0.00");
        assert_eq!(payment["parts"][0]["billId"], debt.bill);
        assert_eq!(amount(&payment["parts"][0]["amount"]), "835.86");
        let receipt = &payment["receipts"][0];
        assert_eq!(receipt["number"], "FCH-SJ-202607-000001");
        assert_eq!(receipt["payer"], "王芳");
        assert_eq!(receipt["amountInWords"], "人民币捌佰叁拾伍元捌角陆分");
        assert_eq!(receipt["lines"][0]["text"], "账单 2026-07 / Bill 2026-07");
        assert_eq!(scene.open_of(&debt.bill).await, 0);
    });
}

#[test]
fn a_partial_payment_leaves_the_rest_open() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        scene.take(&scene.desk, &debt.account, "500", "key-0001").await.ok();
        assert_eq!(scene.open_of(&debt.bill).await, 33_586);
        assert_eq!(scene.ahead(&debt.account).await, 0);
    });
}

#[test]
fn an_overpayment_becomes_prepayment() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        let paid = scene.take(&scene.desk, &debt.account, "900.00", "key-0001").await.ok();
        let payment = &paid["takePayment"]["payment"];
        assert_eq!(amount(&payment["prepaid"]), "64.14");
        assert_eq!(payment["receipts"][0]["lines"][1]["text"], "预收款 / Prepayment");
        assert_eq!(amount(&payment["receipts"][0]["amount"]), "900.00");
        assert_eq!(scene.open_of(&debt.bill).await, 0);
        assert_eq!(scene.ahead(&debt.account).await, 6_414);
    });
}

#[test]
fn the_payers_choice_of_bills_comes_first() {
    run(async {
        let scene = scene().await;
        let first = scene.owes("card-1", 10_000).await;
        let second = scene.owes("card-2", 20_000).await;
        let input = json!({
            "accountId": first.account, "amount": "250", "till": "TRANSFER", "billIds": [second.bill],
            "channelReference": "20260731-0099", "idempotencyKey": "key-0001",
        });
        scene.take_as(&scene.cashier, input).await.ok();
        assert_eq!(scene.open_of(&second.bill).await, 0);
        assert_eq!(scene.open_of(&first.bill).await, 5_000);
    });
}

#[test]
fn sixty_four_at_once_with_one_key_take_the_money_once_and_hear_the_same() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        let takes = (0..64).map(|_| scene.take(&scene.desk, &debt.account, "835.86", "key-0001"));
        let answers: Vec<Value> =
            join_all(takes).await.into_iter().map(testkit::Answer::ok).collect();
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
        assert_eq!(scene.open_of(&debt.bill).await, 0);
        assert_eq!(scene.ahead(&debt.account).await, 0);
        assert_eq!(payments(&scene, &debt).await, 1);
    });
}

async fn payments(scene: &Scene, debt: &Debt) -> usize {
    let document = "query($id: ID!) { payments(accountId: $id, first: 100) { nodes { id } } }";
    let data = scene.finance.send("billing", document, json!({"id": debt.account})).await.ok();
    data["payments"]["nodes"].as_array().unwrap().len()
}

#[test]
fn a_key_stands_for_one_input_for_ever() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        let first = scene.take(&scene.desk, &debt.account, "100", "key-0001").await.ok();
        scene.later(400 * 86_400);
        let again = scene.take(&scene.desk, &debt.account, "100", "key-0001").await.ok();
        assert_eq!(first, again);
        let other = scene.take(&scene.desk, &debt.account, "101", "key-0001").await;
        assert_eq!(other.code(), "IDEMPOTENCY_MISMATCH");
        // Another person's key is another key.
        scene.take(&scene.cashier, &debt.account, "101", "key-0001").await.ok();
        assert_eq!(payments(&scene, &debt).await, 2);
    });
}

#[test]
fn receipt_numbers_have_no_gap_under_thirty_two_payments_at_once() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        // Every other one is refused after its number was nearly taken.
        let keys: Vec<String> = (0..32).map(|n| format!("key-{n:04}")).collect();
        let takes = keys.iter().enumerate().map(|(n, key)| {
            let amount = if n % 4 == 3 { "0" } else { "10.00" };
            scene.take(&scene.cashier, &debt.account, amount, key)
        });
        let answers = join_all(takes).await;
        let mut numbers: Vec<String> = answers
            .into_iter()
            .filter(|answer| answer.errors.is_empty())
            .map(|answer| {
                let data = answer.ok();
                let receipt = &data["takePayment"]["payment"]["receipts"][0];
                receipt["number"].as_str().unwrap().to_owned()
            })
            .collect();
        numbers.sort();
        let expected: Vec<String> = (1..=24).map(|n| format!("FCH-SJ-202607-{n:06}")).collect();
        assert_eq!(numbers, expected);
    });
}

#[test]
fn wrong_amounts_tills_and_ids_are_refused() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        for (wrong, field) in [("0", "amount"), ("-1", "amount"), ("1.005", "amount")] {
            let answer = scene.take(&scene.desk, &debt.account, wrong, "key-0001").await;
            assert_eq!((answer.code(), answer.field()), ("INVALID", field), "{wrong}");
        }
        let input = json!({"accountId": debt.account, "amount": "1", "till": "ONLINE", "idempotencyKey": "key-0001"});
        assert_eq!(scene.take_as(&scene.desk, input).await.field(), "till");
        let answer = scene.take(&scene.desk, &debt.account, "1", "short").await;
        assert_eq!(answer.field(), "idempotencyKey");
        let answer = scene.take(&scene.desk, "bac_nonsense", "1", "key-0001").await;
        assert_eq!((answer.code(), answer.field()), ("INVALID", "accountId"));
    });
}

#[test]
fn who_may_not_take_money_is_refused() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 500_000).await;
        // Above the desk's limit of 1,000 yuan; the cashier has none.
        let answer = scene.take(&scene.desk, &debt.account, "1000.01", "key-0001").await;
        assert_eq!(answer.code(), "FORBIDDEN");
        scene.take(&scene.desk, &debt.account, "1000", "key-0002").await.ok();
        scene.take(&scene.cashier, &debt.account, "1000.01", "key-0001").await.ok();
        // May see payments, may not take them.
        let answer = scene.take(&scene.finance, &debt.account, "1", "key-0001").await;
        assert_eq!(answer.code(), "FORBIDDEN");
        // Another estate, another company, and an id of nobody all look the same.
        let elsewhere = scene.company.estate("NTH", "北苑").await;
        let stranger = scene.company.staff("CASH", elsewhere).await;
        let other = scene.stage.world.company();
        let far = other.estate("FCH", "枫林花园").await;
        let foreign = other.staff("CASH", far).await;
        let missing = format!("bac_{}", scene.stage.world.clock.uuid().simple());
        for (who, account) in
            [(&stranger, &debt.account), (&foreign, &debt.account), (&scene.cashier, &missing)]
        {
            let answer = scene.take(who, account, "1", "key-0009").await;
            assert_eq!((answer.code(), answer.message()), ("NOT_FOUND", "not found"));
        }
        let anonymous = "query($id: ID!) { payments(accountId: $id) { nodes { id } } }";
        let answer =
            scene.stage.world.anonymous("billing", anonymous, json!({"id": debt.account})).await;
        assert_eq!(answer.code(), "UNAUTHENTICATED");
    });
}

#[test]
fn a_resident_sees_their_own_payments_and_nobody_elses() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        let paid = scene.take(&scene.desk, &debt.account, "835.86", "key-0001").await.ok();
        let payment = paid["takePayment"]["payment"]["id"].as_str().unwrap().to_owned();
        let receipt = paid["takePayment"]["payment"]["receipts"][0]["id"].as_str().unwrap();
        let mine = "{ myPayments { nodes { id receipts { number } } } }";
        let data = scene.owner.send("billing", mine, json!({})).await.ok();
        assert_eq!(data["myPayments"]["nodes"][0]["id"], payment);
        let neighbour = scene.company.resident(scene.stage.world.clock.uuid()).await;
        let data = neighbour.send("billing", mine, json!({})).await.ok();
        assert_eq!(data["myPayments"]["nodes"], json!([]));
        for (document, id) in [
            ("query($id: ID!) { payment(id: $id) { id } }", payment.as_str()),
            ("query($id: ID!) { receipt(id: $id) { id } }", receipt),
            (
                "query($id: ID!) { payments(accountId: $id) { nodes { id } } }",
                debt.account.as_str(),
            ),
        ] {
            scene.owner.send("billing", document, json!({ "id": id })).await.ok();
            let answer = neighbour.send("billing", document, json!({ "id": id })).await;
            assert_eq!(answer.code(), "NOT_FOUND", "{document}");
        }
    });
}

#[test]
fn a_receipt_is_voided_with_a_reason_and_replaced() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        let paid = scene.take(&scene.desk, &debt.account, "835.86", "key-0001").await.ok();
        let payment = paid["takePayment"]["payment"]["id"].as_str().unwrap().to_owned();
        let receipt = paid["takePayment"]["payment"]["receipts"][0]["id"].clone();
        let void = |who: &testkit::Signed, reason: &str, key: &str| {
            let input = json!({"receiptId": receipt, "reason": reason, "reissue": true, "idempotencyKey": key});
            let who = who.clone();
            let document = "mutation($input: VoidReceiptInput!) { voidReceipt(input: $input) { receipt { number replacesId } } }";
            async move { who.send("billing", document, json!({ "input": input })).await }
        };
        assert_eq!(void(&scene.desk, "姓名有误", "key-0001").await.code(), "FORBIDDEN");
        assert_eq!(void(&scene.director, " ", "key-0001").await.field(), "reason");
        let new = void(&scene.director, "姓名有误", "key-0001").await.ok();
        let new = new["voidReceipt"]["receipt"].clone();
        assert_eq!(new, json!({"number": "FCH-SJ-202607-000002", "replacesId": receipt}));
        assert_eq!(void(&scene.director, "姓名有误", "key-0002").await.code(), "CONFLICT");
        let receipts = scene.payment(&payment).await["receipts"].take();
        assert!(receipts[0]["voidedAt"].is_string() && receipts[1]["voidedAt"].is_null());
    });
}

#[test]
fn voiding_a_receipt_has_limits_and_needs_another_person() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        let supervisor = scene.company.staff("SUP", scene.estate).await;
        let void = async |who: &testkit::Signed, amount: &str, key: &str| {
            let paid = scene.take(&scene.cashier, &debt.account, amount, key).await.ok();
            let receipt = paid["takePayment"]["payment"]["receipts"][0]["id"].clone();
            let input = json!({ "receiptId": receipt, "reason": "姓名有误", "reissue": false, "idempotencyKey": key });
            let document = "mutation($input: VoidReceiptInput!) { voidReceipt(input: $input) { receipt { number } } }";
            who.send("billing", document, json!({ "input": input })).await
        };
        assert_eq!(void(&supervisor, "100.01", "key-0001").await.code(), "FORBIDDEN");
        void(&supervisor, "100.00", "key-0002").await.ok();
        assert_eq!(void(&scene.director, "1000.01", "key-0003").await.code(), "FORBIDDEN");
        let cashier = scene.cashier.user.as_uuid();
        scene
            .company
            .change_policy(|policy| {
                policy.grants.push(authz::Grant {
                    user: cashier,
                    role: "CFIN".to_owned(),
                    estate: None,
                    zone: Vec::new(),
                });
            })
            .await;
        let own = void(&scene.cashier, "1.00", "key-0004").await;
        assert_eq!(own.code(), "FORBIDDEN");
        assert!(own.message().contains("who took the money"), "{}", own.message());
        void(&scene.finance, "2000.00", "key-0005").await.ok();
    });
}
