//! What becomes of a deposit: the whole chain of scenario 2 to zero, the days to appeal on the
//! clock, lists, and what other services hear.

use super::{DAY, Play, id_of, play};
use crate::ledger::Account;
use contracts::billing::{
    DepositAccepted, DepositDeducted, DepositHeld, DepositRefunded, DepositRejected,
    DepositRequested,
};
use money::Fen;
use serde_json::{Value, json};
use testkit::run;

#[test]
fn scenario_2_ends_with_every_deposit_at_zero() {
    run(async {
        let play = play().await;
        let scene = &play.scene;
        // 2,804.24 in all: 504.24 are charges, 2,300.00 deposits with a receipt and no bill.
        let rubbish = scene.owes("rubbish", 47_424).await;
        scene.owes("passes", 3_000).await;
        let fees = scene.take(&scene.cashier, &rubbish.account, "505.24", &play.key()).await.ok();
        assert_eq!(fees["takePayment"]["payment"]["prepaid"]["amount"], "0.00");
        let renovation = play.held("RENOVATION", "2000", "TRANSFER").await;
        let passes = play.held("PASS", "300", "TRANSFER").await;
        assert_eq!(play.liability().await["held"]["amount"], "2300.00");
        assert_eq!(play.booked(Account::DepositLiability(play.debtor())).await, -230_000);

        // Two documented costs, told to the owner; the five days pass without an appeal.
        for (amount, days) in [("150", 16), ("380", 6)] {
            let cost = play.told(&renovation, amount).await;
            scene.later(days * DAY);
            play.confirm(&scene.finance, &cost).await.ok();
        }
        let input = json!({ "depositId": passes, "amount": "50", "class": "AGREED_FORFEIT",
            "reason": "一张出入证未退还" });
        let data = play.act(&scene.desk, "proposeDepositDeduction", "deduction", input).await.ok();
        let lost = id_of(&data, "proposeDepositDeduction", "deduction");
        play.notify(&lost).await.ok();
        scene.later(6 * DAY);
        play.confirm(&play.supervisor, &lost).await.ok();

        // First acceptance: the passes. Three months later the rest, to the original payer.
        let back = play.given_back(&passes, "250").await;
        assert_eq!(
            (&back["status"], &back["left"]["amount"]),
            (&json!("REFUNDED"), &json!("0.00"))
        );
        scene.later(92 * DAY);
        let back = play.given_back(&renovation, "1470").await;
        assert_eq!(back["status"], "REFUNDED");
        let chain: Vec<(&str, &str)> = back["movements"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                (
                    one["amount"]["amount"].as_str().unwrap(),
                    one["balance"]["amount"].as_str().unwrap(),
                )
            })
            .collect();
        let expected = [
            ("2000.00", "2000.00"),
            ("-150.00", "1850.00"),
            ("-380.00", "1470.00"),
            ("-1470.00", "0.00"),
        ];
        assert_eq!(chain, expected);
        assert_eq!(back["refunds"][0]["bankReference"], "T-1");
        assert_eq!(back["refunds"][0]["receipts"][0]["kind"], "REFUND");

        assert_eq!(play.booked(Account::DepositLiability(play.debtor())).await, 0);
        assert_eq!(play.booked(Account::OtherIncome).await, -58_000);
        let all = play.liability().await;
        assert_eq!((&all["held"]["amount"], &all["agrees"]), (&json!("0.00"), &json!(true)));
    });
}

#[test]
fn a_deposit_has_a_receipt_of_its_own_sequence_and_is_no_debt_and_no_income() {
    run(async {
        let play = play().await;
        let deposit = play.held("RENOVATION", "2000", "CASH").await;
        let seen = play.seen(&play.scene.owner, &deposit).await.ok()["deposit"].take();
        let receipt = &seen["receipts"][0];
        assert_eq!(receipt["number"], "FCH-YJ-202607-000001");
        assert_eq!((&receipt["kind"], &receipt["payer"]), (&json!("DEPOSIT"), &json!("王芳")));
        assert_eq!(seen["expectedReturn"], "2026-10-31");
        assert_eq!(play.booked(Account::Cash).await, 200_000);
        assert_eq!(play.booked(Account::OtherIncome).await, 0);
        assert_eq!(play.booked(Account::Receivable(play.debtor())).await, 100);
        // Taken twice it is refused; asked for by mistake it is cancelled and never taken.
        let input = json!({ "depositId": deposit, "till": "CASH" });
        let again = play.act(&play.scene.cashier, "takeDeposit", "deposit", input).await;
        assert_eq!(again.code(), "CONFLICT");
        let wrong = play.request("KEY_CARD", "20").await;
        let input = json!({ "depositId": wrong, "reason": "重复登记" });
        play.act(&play.scene.desk, "cancelDeposit", "deposit", input).await.ok();
        let input = json!({ "depositId": wrong, "till": "CASH" });
        let late = play.act(&play.scene.cashier, "takeDeposit", "deposit", input).await;
        assert_eq!(late.code(), "CONFLICT");
    });
}

#[test]
fn nothing_is_kept_before_the_days_to_appeal_are_over() {
    run(async {
        let play = play().await;
        let deposit = play.held("RENOVATION", "2000", "CASH").await;
        let deduction = play.proposed(&deposit, "150").await;
        play.scene.later(30 * DAY);
        let untold = play.confirm(&play.scene.finance, &deduction).await;
        assert_eq!(untold.code(), "CONFLICT");
        let told = play.notify(&deduction).await.ok();
        let of_deposit = &told["notifyDepositDeduction"]["deposit"]["deductions"][0];
        assert_eq!(of_deposit["lastDayToAppeal"], "2026-09-04");
        play.scene.later(5 * DAY);
        assert_eq!(play.today(), "2026-09-04");
        let early = play.confirm(&play.scene.finance, &deduction).await;
        assert_eq!(early.code(), "CONFLICT");
        assert!(early.message().contains("2026-09-04"), "{}", early.message());
        play.scene.later(DAY);
        play.confirm(&play.scene.finance, &deduction).await.ok();
        let input = json!({ "deductionId": deduction, "text": "太晚了" });
        let late = play.act(&play.scene.owner, "appealDepositDeduction", "deduction", input).await;
        assert_eq!(late.code(), "CONFLICT");
    });
}

#[test]
fn an_appeal_holds_the_money_until_another_person_decides_it() {
    run(async {
        let play = play().await;
        let scene = &play.scene;
        let deposit = play.held("RENOVATION", "2000", "CASH").await;
        let (right, wrong) = (play.told(&deposit, "150").await, play.told(&deposit, "380").await);
        let neighbour = scene.company.resident(scene.stage.world.clock.uuid()).await;
        for deduction in [&right, &wrong] {
            let input = json!({ "deductionId": deduction, "text": "垃圾不是我的" });
            let name = "appealDepositDeduction";
            let foreign = play.act(&neighbour, name, "deduction", input.clone()).await;
            assert_eq!(foreign.code(), "NOT_FOUND");
            assert_eq!(
                play.act(&scene.cashier, name, "deduction", input.clone()).await.code(),
                "FORBIDDEN"
            );
            play.act(&scene.owner, name, "deduction", input).await.ok();
        }
        scene.later(40 * DAY);
        assert_eq!(play.confirm(&scene.finance, &right).await.code(), "CONFLICT");
        let decide = |deduction: &str, uphold: bool| {
            let reason = "现场照片";
            json!({ "deductionId": deduction, "uphold": uphold, "reason": reason })
        };
        let name = "decideDepositAppeal";
        let upheld = play.act(&scene.finance, name, "deduction", decide(&right, true)).await.ok();
        assert_eq!(upheld["decideDepositAppeal"]["deduction"]["status"], "WITHDRAWN");
        play.act(&scene.finance, name, "deduction", decide(&wrong, false)).await.ok();
        assert_eq!(play.confirm(&scene.finance, &right).await.code(), "CONFLICT");
        play.confirm(&scene.finance, &wrong).await.ok();
        let left = &play.seen(&scene.owner, &deposit).await.ok()["deposit"]["left"];
        assert_eq!(left["amount"], "1620.00");
    });
}

#[test]
fn a_deduction_needs_grounds_and_proof_and_is_never_a_fine() {
    run(async {
        let play = play().await;
        let deposit = play.held("RENOVATION", "2000", "CASH").await;
        let change = |field: &str, value: Value| {
            let mut input = Play::deduction(&deposit, "150");
            input[field] = value;
            input
        };
        for (input, field) in [
            (change("reason", json!("违规罚款")), "reason"),
            (change("reason", json!("a fine for noise")), "reason"),
            (change("proof", Value::Null), "proof"),
            (change("amount", json!("0")), "amount"),
            (change("amount", json!("2000.01")), "amount"),
        ] {
            let answer =
                play.act(&play.scene.desk, "proposeDepositDeduction", "deduction", input).await;
            assert_eq!((answer.code(), answer.field()), ("INVALID", field));
        }
        // What is proposed is spoken for.
        play.proposed(&deposit, "1900").await;
        let more = Play::deduction(&deposit, "100.01");
        let answer = play.act(&play.scene.desk, "proposeDepositDeduction", "deduction", more).await;
        assert_eq!(answer.field(), "amount");
        let input = json!({ "depositId": deposit, "amount": "100.01", "reason": "验收合格" });
        let answer = play.act(&play.scene.desk, "requestDepositRefund", "refund", input).await;
        assert_eq!(answer.field(), "amount");
    });
}

#[test]
fn a_deduction_can_be_the_revenue_of_a_fee_item() {
    run(async {
        let play = play().await;
        let scene = &play.scene;
        let text = "query($id: ID!) { _entities(representations: [{ __typename: \"Estate\", id: $id }]) { ... on Estate { feeItems { id } } } }";
        let id = json!({ "id": scene.estate.to_string() });
        let data = scene.finance.send("billing", text, id).await.ok();
        let item = data["_entities"][0]["feeItems"][0]["id"].clone();
        let deposit = play.held("RENOVATION", "2000", "CASH").await;
        let mut input = Play::deduction(&deposit, "150");
        input["feeItemId"] = item.clone();
        let data = play.act(&scene.desk, "proposeDepositDeduction", "deduction", input).await.ok();
        let deduction = id_of(&data, "proposeDepositDeduction", "deduction");
        play.notify(&deduction).await.ok();
        scene.later(6 * DAY);
        play.confirm(&scene.finance, &deduction).await.ok();
        let item = item.as_str().unwrap().parse().unwrap();
        // 1.00 was charged before.
        assert_eq!(play.booked(Account::Revenue(item)).await, -15_100);
    });
}

#[test]
fn lists_find_what_is_overdue_refundable_or_unclaimed() {
    run(async {
        let play = play().await;
        let pass = play.held("PASS", "300", "CASH").await;
        play.held("RENOVATION", "2000", "CASH").await;
        assert_eq!(play.is_listed(json!({ "overdue": true })).await, 0);
        assert_eq!(play.is_listed(json!({ "kind": "PASS", "accountId": play.account })).await, 1);
        let input = json!({ "depositId": pass });
        play.act(&play.scene.desk, "releaseDeposit", "deposit", input).await.ok();
        assert_eq!(play.is_listed(json!({ "status": "REFUNDABLE" })).await, 1);
        play.scene.later(93 * DAY);
        assert_eq!(play.is_listed(json!({ "overdue": true })).await, 2);
        let age = |all: &Value, place: usize| all["ages"][place]["amount"]["amount"].clone();
        assert_eq!(age(&play.liability().await, 2), "300.00");
        assert_eq!(play.is_listed(json!({ "unclaimed": true })).await, 0);
        play.scene.later(273 * DAY);
        assert_eq!(play.is_listed(json!({ "unclaimed": true })).await, 1);
        let all = play.liability().await;
        assert_eq!((age(&all, 3), &all["agrees"]), (json!("300.00"), &json!(true)));
        assert_eq!((&all["held"], &all["ledger"]["amount"]), (&all["ledger"], &json!("2300.00")));
    });
}

#[test]
fn another_service_asks_for_a_deposit_and_hears_what_became_of_it() {
    run(async {
        let play = play().await;
        let scene = &play.scene;
        let request = DepositRequested {
            source: "facilities".to_owned(),
            reference: "renovation/7".to_owned(),
            estate: scene.estate,
            unit: Some(scene.unit),
            payer: scene.person,
            kind: "RENOVATION".to_owned(),
            amount: Fen(200_000),
            agreement: "ZX-2026-007".to_owned(),
            expected_return: None,
        };
        // Told twice it is one deposit.
        for _ in 0..2 {
            scene.company.tell("facilities", "billing", &request).await;
        }
        let wrong = DepositRequested {
            reference: "renovation/8".to_owned(),
            kind: "FINE".to_owned(),
            ..request
        };
        scene.company.tell("facilities", "billing", &wrong).await;
        let accepted: Vec<DepositAccepted> = scene.heard().await;
        assert_eq!(accepted.len(), 1);
        let rejected: Vec<DepositRejected> = scene.heard().await;
        assert_eq!(rejected[0].field.as_deref(), Some("kind"));
        let deposit = accepted[0].deposit.clone();
        let input = json!({ "depositId": deposit, "till": "CASH" });
        play.act(&scene.cashier, "takeDeposit", "deposit", input).await.ok();
        let cost = play.told(&deposit, "530").await;
        scene.later(6 * DAY);
        play.confirm(&scene.finance, &cost).await.ok();
        play.given_back(&deposit, "1470").await;
        let held: Vec<DepositHeld> = scene.heard().await;
        assert_eq!(held[0].reference.as_deref(), Some("renovation/7"));
        let deducted: Vec<DepositDeducted> = scene.heard().await;
        assert_eq!((deducted[0].amount, deducted[0].left), (Fen(53_000), Fen(147_000)));
        let refunded: Vec<DepositRefunded> = scene.heard().await;
        assert_eq!((refunded[0].amount, refunded[0].left), (Fen(147_000), Fen::ZERO));
    });
}
