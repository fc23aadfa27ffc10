//! Shifts at a till, through the front door.

use crate::stage::{Debt, Scene, scene};
use futures::future::{join, join_all};
use serde_json::{Value, json};
use testkit::{Answer, Signed, run};

const SHIFT: &str = "id state expected { amount } overLimit counted { amount } variance { amount } \
                     left { amount } reason signedBy lockedBy takesOverId varianceEntryId";

/// Does something at a till.
async fn act(who: &Signed, name: &str, input: Value) -> Answer {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let wanted = if name == "carryCash" {
        "deposit { id shiftId slipNumber arrivedAt amount { amount } }".to_owned()
    } else {
        format!("shift {{ {SHIFT} }}")
    };
    let document = format!("mutation($input: {kind}!) {{ {name}(input: $input) {{ {wanted} }} }}");
    who.send("billing", &document, json!({ "input": input })).await
}

/// Opens a shift with this many yuan as float.
async fn open(scene: &Scene, who: &Signed, float: i32, over: Option<&str>, key: &str) -> Answer {
    let input = json!({
        "estateId": scene.estate.to_string(), "desk": "前台", "takesOverId": over,
        "float": yuan(float), "idempotencyKey": key,
    });
    act(who, "openCashierShift", input).await
}

/// Counted money worth this many yuan.
fn yuan(amount: i32) -> Value {
    json!([{ "value": "100.00", "pieces": amount / 100 }, { "value": "1.00", "pieces": amount % 100 }])
}

async fn opened(scene: &Scene, who: &Signed, float: i32, key: &str) -> String {
    let data = open(scene, who, float, None, key).await.ok();
    data["openCashierShift"]["shift"]["id"].as_str().unwrap().to_owned()
}

async fn count(who: &Signed, shift: &str, amount: i32, reason: Option<&str>, key: &str) -> Answer {
    let input = json!({
        "shiftId": shift, "counted": yuan(amount), "reason": reason, "idempotencyKey": key,
    });
    act(who, "countCashierShift", input).await
}

async fn sign(who: &Signed, shift: &str, amount: &str, key: &str) -> Answer {
    let input = json!({ "shiftId": shift, "counted": amount, "idempotencyKey": key });
    act(who, "signCashierShift", input).await
}

async fn lock(who: &Signed, shift: &str, key: &str) -> Answer {
    act(who, "lockCashierShift", json!({ "shiftId": shift, "idempotencyKey": key })).await
}

async fn carry(
    scene: &Scene,
    who: &Signed,
    shift: Option<&str>,
    amount: &str,
    slip: &str,
) -> Answer {
    let input = json!({
        "estateId": scene.estate.to_string(), "shiftId": shift, "amount": amount,
        "slipNumber": slip, "idempotencyKey": format!("carry-{slip}-{amount}"),
    });
    act(who, "carryCash", input).await
}

async fn shift(scene: &Scene, id: &str) -> Value {
    let document = format!("query($id: ID!) {{ cashierShift(id: $id) {{ {SHIFT} }} }}");
    scene.finance.send("billing", &document, json!({ "id": id })).await.ok()["cashierShift"].take()
}

/// The balance of an account in the books, in the words of the trial balance.
async fn balance(scene: &Scene, code: &str) -> String {
    let document = "query($estate: ID!) { trialBalance(estateId: $estate, on: \"2027-12-31\") { rows { code debit { amount } credit { amount } } } }";
    let variables = json!({ "estate": scene.estate.to_string() });
    let seen = scene.finance.send("billing", document, variables).await.ok();
    let rows = seen["trialBalance"]["rows"].as_array().unwrap();
    let Some(row) = rows.iter().find(|row| row["code"] == code) else { return "0".to_owned() };
    match row["debit"]["amount"].as_str() {
        Some(debit) if debit != "0.00" => debit.to_owned(),
        _ => format!("-{}", row["credit"]["amount"].as_str().unwrap()),
    }
}

async fn debt(scene: &Scene) -> Debt {
    scene.owes("card-1", 500_000).await
}

#[test]
fn scenario_3_a_cash_difference_is_signed_by_both_before_the_next_shift_and_posted_by_finance() {
    run(async {
        let scene = scene().await;
        let debt = debt(&scene).await;
        let mine = opened(&scene, &scene.cashier, 500, "open-0001").await;
        scene.take(&scene.cashier, &debt.account, "786.00", "take-0001").await.ok();
        assert_eq!(shift(&scene, &mine).await["expected"]["amount"], "1286.00");

        let silent = count(&scene.cashier, &mine, 1_276, None, "count-001").await;
        assert_eq!((silent.code(), silent.field()), ("INVALID", "reason"));
        let why = Some("找零差错");
        let data = count(&scene.cashier, &mine, 1_276, why, "count-002").await.ok();
        let counted = &data["countCashierShift"]["shift"];
        assert_eq!(counted["state"], "COUNTED");
        assert_eq!(counted["variance"]["amount"], "-10.00");

        let blocked = open(&scene, &scene.desk, 1_276, Some(&mine), "open-0002").await;
        assert_eq!(blocked.code(), "CONFLICT");
        assert_eq!(sign(&scene.cashier, &mine, "1276", "sign-0001").await.code(), "FORBIDDEN");
        assert_eq!(sign(&scene.desk, &mine, "1286", "sign-0002").await.field(), "counted");
        let data = sign(&scene.desk, &mine, "1276", "sign-0003").await.ok();
        assert_eq!(data["signCashierShift"]["shift"]["state"], "VARIANCE");
        assert_eq!(data["signCashierShift"]["shift"]["signedBy"], scene.desk.user.to_string());

        let other = open(&scene, &scene.desk, 1_286, Some(&mine), "open-0003").await;
        assert_eq!((other.code(), other.field()), ("INVALID", "float"));
        let data = open(&scene, &scene.desk, 1_276, Some(&mine), "open-0004").await.ok();
        assert_eq!(data["openCashierShift"]["shift"]["takesOverId"], mine.as_str());

        assert_eq!(balance(&scene, "1001").await, "786.00");
        let data = lock(&scene.finance, &mine, "lock-0001").await.ok();
        assert_eq!(data["lockCashierShift"]["shift"]["state"], "LOCKED");
        assert!(data["lockCashierShift"]["shift"]["varianceEntryId"].is_string());
        assert_eq!(balance(&scene, "1001").await, "776.00");
        assert_eq!(balance(&scene, "6604").await, "10.00");
        let again = lock(&scene.finance, &mine, "lock-0001").await.ok();
        assert_eq!(again, data);
        assert_eq!(balance(&scene, "6604").await, "10.00");
    });
}

#[test]
fn a_signed_count_stands_and_an_unsigned_one_may_be_repeated() {
    run(async {
        let scene = scene().await;
        let mine = opened(&scene, &scene.cashier, 300, "open-0001").await;
        count(&scene.cashier, &mine, 290, Some("?"), "count-001").await.ok();
        assert_eq!(lock(&scene.finance, &mine, "lock-0001").await.code(), "CONFLICT");
        let data = count(&scene.cashier, &mine, 300, None, "count-002").await.ok();
        assert_eq!(data["countCashierShift"]["shift"]["variance"]["amount"], "0.00");
        let data = sign(&scene.desk, &mine, "300.00", "sign-0001").await.ok();
        assert_eq!(data["signCashierShift"]["shift"]["state"], "BALANCED");
        assert_eq!(count(&scene.cashier, &mine, 300, None, "count-003").await.code(), "CONFLICT");
        assert_eq!(sign(&scene.desk, &mine, "300", "sign-0002").await.code(), "CONFLICT");
        let data = lock(&scene.finance, &mine, "lock-0002").await.ok();
        assert_eq!(data["lockCashierShift"]["shift"]["varianceEntryId"], Value::Null);
        assert_eq!(balance(&scene, "6604").await, "0");
    });
}

#[test]
fn cash_taken_without_a_shift_belongs_to_the_next_count_and_refunds_leave_the_till() {
    run(async {
        let scene = scene().await;
        let debt = debt(&scene).await;
        let data = scene.take(&scene.cashier, &debt.account, "40.00", "take-0001").await.ok();
        let payment = data["takePayment"]["payment"]["id"].as_str().unwrap().to_owned();
        let mine = opened(&scene, &scene.cashier, 0, "open-0001").await;
        scene.take(&scene.cashier, &debt.account, "25.00", "take-0002").await.ok();
        assert_eq!(shift(&scene, &mine).await["expected"]["amount"], "25.00");
        let data = scene.ask_refund(&scene.cashier, &payment, "15.00", "ask-00001").await.ok();
        let refund = data["requestRefund"]["refund"]["id"].as_str().unwrap().to_owned();
        scene.approve(&scene.finance, &refund, "approve-1").await.ok();
        assert_eq!(shift(&scene, &mine).await["expected"]["amount"], "10.00");
        let data = count(&scene.cashier, &mine, 50, None, "count-001").await.ok();
        assert_eq!(data["countCashierShift"]["shift"]["variance"]["amount"], "0.00");

        let document = "query($estate: ID!, $shift: ID) { cashMovements(estateId: $estate, shiftId: $shift) { nodes { kind outside amount { amount } sourceId } } }";
        let variables = json!({ "estate": scene.estate.to_string(), "shift": mine });
        let seen = scene.finance.send("billing", document, variables).await.ok();
        let rows = seen["cashMovements"]["nodes"].as_array().unwrap();
        assert_eq!(rows.len(), 3);
        let outside: Vec<&Value> = rows.iter().filter(|row| row["outside"] == true).collect();
        assert_eq!(outside.len(), 1);
        assert_eq!(outside[0]["sourceId"], payment.as_str());
    });
}

/// What a day brought.
async fn daily(scene: &Scene) -> Value {
    let document = "query($estate: ID!) { dailyCollection(estateId: $estate, day: \"2026-07-31\") { \
        methods { till payments received { amount } refunds refunded { amount } } \
        receipts { kind firstNumber lastNumber count voided amount { amount } } \
        voids { number reason } outsideShifts { amount } } }";
    let variables = json!({ "estate": scene.estate.to_string() });
    scene.finance.send("billing", document, variables).await.ok()["dailyCollection"].take()
}

#[test]
fn thirty_two_payments_at_once_in_two_shifts_leave_no_gap_and_void_marks_show_in_the_daily_report()
{
    run(async {
        let scene = scene().await;
        let debt = debt(&scene).await;
        let mine = opened(&scene, &scene.cashier, 0, "open-0001").await;
        let theirs = opened(&scene, &scene.desk, 0, "open-0002").await;
        let keys: Vec<String> = (0..32).map(|n| format!("take-{n:04}")).collect();
        let takes = keys.iter().enumerate().map(|(n, key)| {
            let who = if n % 2 == 0 { &scene.cashier } else { &scene.desk };
            scene.take(who, &debt.account, "10.00", key)
        });
        let mut numbers = Vec::new();
        let mut receipt = String::new();
        for answer in join_all(takes).await {
            let data = answer.ok();
            let issued = &data["takePayment"]["payment"]["receipts"][0];
            numbers.push(issued["number"].as_str().unwrap().to_owned());
            issued["id"].as_str().unwrap().clone_into(&mut receipt);
        }
        numbers.sort();
        let wanted: Vec<String> = (1..=32).map(|n| format!("FCH-SJ-202607-{n:06}")).collect();
        assert_eq!(numbers, wanted);
        for id in [&mine, &theirs] {
            assert_eq!(shift(&scene, id).await["expected"]["amount"], "160.00");
        }
        let document = "mutation($input: VoidReceiptInput!) { voidReceipt(input: $input) { receipt { number } } }";
        let input = json!({ "receiptId": receipt, "reason": "打印错误", "reissue": true, "idempotencyKey": "void-0001" });
        scene.finance.send("billing", document, json!({ "input": input })).await.ok();

        let day = daily(&scene).await;
        let cash = &day["methods"][0];
        assert_eq!((&cash["till"], &cash["payments"]), (&json!("CASH"), &json!(32)));
        assert_eq!(cash["received"]["amount"], "320.00");
        let receipts = &day["receipts"][0];
        assert_eq!(receipts["firstNumber"], "FCH-SJ-202607-000001");
        assert_eq!(receipts["lastNumber"], "FCH-SJ-202607-000033");
        assert_eq!((&receipts["count"], &receipts["voided"]), (&json!(33), &json!(1)));
        assert_eq!(receipts["amount"]["amount"], "320.00");
        assert_eq!(day["voids"][0]["reason"], "打印错误");
        assert_eq!(day["outsideShifts"]["amount"], "0.00");
    });
}

#[test]
fn a_count_amid_payments_loses_none_of_them() {
    run(async {
        let scene = scene().await;
        let debt = debt(&scene).await;
        let mine = opened(&scene, &scene.cashier, 0, "open-0001").await;
        let keys: Vec<String> = (0..16).map(|n| format!("take-{n:04}")).collect();
        let takes = keys.iter().map(|key| scene.take(&scene.cashier, &debt.account, "10.00", key));
        let counting = count(&scene.cashier, &mine, 100, Some("数错"), "count-001");
        let (answers, counted) = join(join_all(takes), counting).await;
        for answer in answers {
            answer.ok();
        }
        let data = counted.ok();
        let expected = data["countCashierShift"]["shift"]["expected"]["amount"].clone();
        let kept = shift(&scene, &mine).await;
        assert_eq!(kept["expected"]["amount"], expected);
        // Whatever came too late for the count waits outside, and a second count takes it in.
        let outside = daily(&scene).await["outsideShifts"]["amount"].clone();
        let fen = |value: &Value| value.as_str().unwrap().parse::<money::Fen>().unwrap().0;
        assert_eq!(fen(&expected) + fen(&outside), 16_000);
        let data = count(&scene.cashier, &mine, 160, None, "count-002").await.ok();
        assert_eq!(data["countCashierShift"]["shift"]["variance"]["amount"], "0.00");
    });
}

#[test]
fn of_two_closes_at_once_one_counts() {
    run(async {
        let scene = scene().await;
        let mine = opened(&scene, &scene.cashier, 0, "open-0001").await;
        count(&scene.cashier, &mine, 10, Some("多出"), "count-001").await.ok();
        sign(&scene.desk, &mine, "10", "sign-0001").await.ok();
        let others = scene.company.staff("CFIN", None).await;
        let (one, two) =
            join(lock(&scene.finance, &mine, "lock-0001"), lock(&others, &mine, "lock-0001")).await;
        let mut codes: Vec<String> =
            [one, two]
                .iter()
                .map(|answer| {
                    if answer.errors.is_empty() {
                        "OK".to_owned()
                    } else {
                        answer.code().to_owned()
                    }
                })
                .collect();
        codes.sort();
        assert_eq!(codes, ["CONFLICT", "OK"]);
        assert_eq!(balance(&scene, "6604").await, "-10.00");
        assert_eq!(balance(&scene, "1001").await, "10.00");
    });
}

#[test]
fn cash_is_carried_to_the_bank_out_of_an_open_or_a_signed_till() {
    run(async {
        let scene = scene().await;
        let debt = debt(&scene).await;
        let mine = opened(&scene, &scene.cashier, 100, "open-0001").await;
        scene.take(&scene.cashier, &debt.account, "2500.00", "take-0001").await.ok();
        assert_eq!(shift(&scene, &mine).await["overLimit"], true);
        let most = carry(&scene, &scene.cashier, Some(&mine), "2600.00", "SLIP-1").await;
        assert_eq!((most.code(), most.field()), ("INVALID", "amount"), "more than the books have");
        let data = carry(&scene, &scene.cashier, Some(&mine), "2000.00", "SLIP-1").await.ok();
        let again = carry(&scene, &scene.cashier, Some(&mine), "2000.00", "SLIP-1").await.ok();
        assert_eq!(again, data);
        let kept = shift(&scene, &mine).await;
        assert_eq!(
            (&kept["expected"]["amount"], &kept["overLimit"]),
            (&json!("600.00"), &json!(false))
        );
        assert_eq!(balance(&scene, "1013").await, "2000.00");
        let used = carry(&scene, &scene.cashier, Some(&mine), "1.00", "SLIP-1").await;
        assert_eq!(used.field(), "slipNumber");

        count(&scene.cashier, &mine, 600, None, "count-001").await.ok();
        let early = carry(&scene, &scene.cashier, Some(&mine), "500.00", "SLIP-2").await;
        assert_eq!(early.code(), "CONFLICT");
        sign(&scene.desk, &mine, "600", "sign-0001").await.ok();
        carry(&scene, &scene.cashier, Some(&mine), "500.00", "SLIP-3").await.ok();
        assert_eq!(shift(&scene, &mine).await["left"]["amount"], "100.00");
        let rest = carry(&scene, &scene.cashier, Some(&mine), "200.00", "SLIP-4").await;
        assert_eq!(rest.field(), "amount");
        open(&scene, &scene.desk, 100, Some(&mine), "open-0002").await.ok();
        let gone = carry(&scene, &scene.cashier, Some(&mine), "100.00", "SLIP-5").await;
        assert_eq!(gone.code(), "CONFLICT");
        assert_eq!(balance(&scene, "1001").await, "0");
    });
}

#[test]
fn one_shift_a_person_and_one_relief_a_shift() {
    run(async {
        let scene = scene().await;
        let mine = opened(&scene, &scene.cashier, 100, "open-0001").await;
        let second = open(&scene, &scene.cashier, 100, None, "open-0002").await;
        assert_eq!(second.code(), "CONFLICT");
        count(&scene.cashier, &mine, 100, None, "count-001").await.ok();
        sign(&scene.desk, &mine, "100", "sign-0001").await.ok();
        let alone = open(&scene, &scene.cashier, 100, Some(&mine), "open-0003").await;
        assert_eq!(alone.code(), "FORBIDDEN");
        let third = scene.company.staff("CASH", scene.estate).await;
        let (one, two) = join(
            open(&scene, &scene.desk, 100, Some(&mine), "open-0004"),
            open(&scene, &third, 100, Some(&mine), "open-0005"),
        )
        .await;
        assert_eq!([one, two].iter().filter(|answer| answer.errors.is_empty()).count(), 1);
    });
}

#[test]
fn who_may_not_hears_nothing_or_what_is_missing() {
    run(async {
        let scene = scene().await;
        let mine = opened(&scene, &scene.cashier, 100, "open-0001").await;
        let elsewhere = scene.company.estate("YJ", "云景").await;
        let stranger = scene.company.staff("CASH", elsewhere).await;
        let other = scene.stage.world.company();
        let foreign = other.staff("CFIN", None).await;
        let officer = scene.company.staff("PO", scene.estate).await;
        for (n, who) in [&stranger, &foreign, &officer, &scene.owner].into_iter().enumerate() {
            let key = |act: &str| format!("{act}-{n:04}");
            assert_eq!(open(&scene, who, 0, None, &key("open-x")).await.code(), "NOT_FOUND");
            assert_eq!(count(who, &mine, 1, None, &key("count-x")).await.code(), "NOT_FOUND");
            assert_eq!(sign(who, &mine, "1", &key("sign-x")).await.code(), "NOT_FOUND");
            assert_eq!(lock(who, &mine, &key("lock-x")).await.code(), "NOT_FOUND");
            assert_eq!(carry(&scene, who, Some(&mine), "1", &key("S")).await.code(), "NOT_FOUND");
            let seen = who
                .send(
                    "billing",
                    "query($id: ID!) { cashierShift(id: $id) { id } }",
                    json!({ "id": mine }),
                )
                .await;
            assert_eq!(seen.code(), "NOT_FOUND");
        }
        let clerk = scene.company.staff("CLERK", scene.estate).await;
        assert_eq!(open(&scene, &clerk, 0, None, "open-0009").await.code(), "FORBIDDEN");
        assert_eq!(lock(&scene.cashier, &mine, "lock-0009").await.code(), "FORBIDDEN");
        assert_eq!(count(&scene.desk, &mine, 100, None, "count-009").await.code(), "CONFLICT");
    });
}
