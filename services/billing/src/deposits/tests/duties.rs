//! Who may do what with a deposit, and that nothing is done twice.

use super::{DAY, Play, id_of, play};
use crate::ledger::Account;
use authz::{Grant, UserId};
use futures::future::join_all;
use serde_json::{Value, json};
use testkit::{Answer, run};

#[test]
fn no_person_does_two_acts_of_one_deposit_that_need_two() {
    run(async {
        let play = play().await;
        let scene = &play.scene;
        let deposit = play.held("RENOVATION", "2000", "CASH").await;
        let deduction = play.told(&deposit, "50").await;
        let refund = play.asked_back(&deposit, "50").await;
        scene.later(6 * DAY);
        let users = [scene.cashier.user, scene.desk.user, scene.finance.user].map(UserId::as_uuid);
        scene
            .company
            .change_policy(|policy| {
                let grant = |user, role: &str| Grant {
                    user,
                    role: role.to_owned(),
                    estate: None,
                    zone: Vec::new(),
                };
                policy.grants.extend(users.map(|user| grant(user, "CFIN")));
                policy.grants.extend(users.map(|user| grant(user, "CASH")));
            })
            .await;
        // Who recorded it, who took the deposit, who approved it.
        assert_eq!(play.confirm(&scene.desk, &deduction).await.code(), "FORBIDDEN");
        assert_eq!(play.approve(&scene.desk, &refund).await.code(), "FORBIDDEN");
        assert_eq!(play.approve(&scene.cashier, &refund).await.code(), "FORBIDDEN");
        play.confirm(&scene.finance, &deduction).await.ok();
        play.approve(&scene.finance, &refund).await.ok();
        assert_eq!(play.pay(&scene.finance, &refund).await.code(), "FORBIDDEN");
        play.pay(&scene.cashier, &refund).await.ok();
    });
}

#[test]
fn limits_end_at_100_for_supervisors_and_at_1000_for_directors() {
    run(async {
        let play = play().await;
        let scene = &play.scene;
        let deposit = play.held("RENOVATION", "5000", "CASH").await;
        for (amount, refused, allowed) in [
            ("100.01", vec![&play.supervisor], &scene.director),
            ("1000.01", vec![&play.supervisor, &scene.director], &scene.finance),
            ("100", vec![], &play.supervisor),
        ] {
            let deduction = play.told(&deposit, amount).await;
            let refund = play.asked_back(&deposit, amount).await;
            scene.later(6 * DAY);
            for who in refused {
                assert_eq!(play.confirm(who, &deduction).await.code(), "FORBIDDEN");
                assert_eq!(play.approve(who, &refund).await.code(), "FORBIDDEN");
            }
            play.confirm(allowed, &deduction).await.ok();
            play.approve(allowed, &refund).await.ok();
        }
        let big = play.request("RENOVATION", "1000.01").await;
        let input = json!({ "depositId": big, "till": "CASH" });
        let answer = play.act(&scene.desk, "takeDeposit", "deposit", input).await;
        assert_eq!(answer.code(), "FORBIDDEN");
    });
}

#[test]
fn strangers_other_estates_and_wrong_roles_are_told_nothing_or_no() {
    run(async {
        let play = play().await;
        let scene = &play.scene;
        let deposit = play.held("PASS", "300", "CASH").await;
        let elsewhere = scene.company.estate("NTH", "北苑").await;
        let other_desk = scene.company.staff("DESK", elsewhere).await;
        let neighbour = scene.company.resident(scene.stage.world.clock.uuid()).await;
        let guard = scene.company.staff("SEC", scene.estate).await;
        for who in [&other_desk, &neighbour, &guard] {
            assert_eq!(play.seen(who, &deposit).await.code(), "NOT_FOUND");
            let input = Play::deduction(&deposit, "1");
            let answer = play.act(who, "proposeDepositDeduction", "deduction", input).await;
            assert_eq!(answer.code(), "NOT_FOUND");
            assert_eq!(play.list(who, Value::Null).await.code(), "NOT_FOUND");
        }
        let input = Play::deduction(&deposit, "1");
        let answer = play.act(&scene.finance, "proposeDepositDeduction", "deduction", input).await;
        assert_eq!(answer.code(), "FORBIDDEN");
        let mine =
            scene.owner.send("billing", "{ myDeposits { nodes { id } } }", json!({})).await.ok();
        assert_eq!(mine["myDeposits"]["nodes"][0]["id"], deposit.as_str());
        let none =
            neighbour.send("billing", "{ myDeposits { nodes { id } } }", json!({})).await.ok();
        assert_eq!(none["myDeposits"]["nodes"], json!([]));
    });
}

#[test]
fn cash_needs_a_signature_and_a_transfer_its_number() {
    run(async {
        let play = play().await;
        for (till, field) in
            [("CASH", "signedBy"), ("TRANSFER", "bankReference"), ("CARD", "bankReference")]
        {
            let deposit = play.held("PASS", "300", till).await;
            let refund = play.asked_back(&deposit, "300").await;
            let early = play.pay(&play.scene.cashier, &refund).await;
            assert_eq!(early.code(), "CONFLICT");
            play.approve(&play.scene.director, &refund).await.ok();
            let input = json!({ "refundId": refund });
            let answer = play.act(&play.scene.cashier, "payDepositRefund", "refund", input).await;
            assert_eq!((answer.code(), answer.field()), ("INVALID", field));
            play.pay(&play.scene.cashier, &refund).await.ok();
        }
        assert_eq!(play.booked(Account::Cash).await, 0);
        assert_eq!(play.booked(Account::Bank).await, 0);
    });
}

#[test]
fn sixteen_at_once_pay_a_refund_once() {
    run(async {
        let play = play().await;
        let deposit = play.held("RENOVATION", "2000", "CASH").await;
        let refund = play.asked_back(&deposit, "1470").await;
        play.approve(&play.scene.finance, &refund).await.ok();
        // With one key all are answered alike; with keys of their own one pays.
        let key = play.key();
        let pay = |key: String| {
            let input = json!({ "refundId": refund, "signedBy": "王芳", "idempotencyKey": key });
            play.act(&play.scene.cashier, "payDepositRefund", "refund", input)
        };
        let alike = join_all((0..16).map(|_| pay(key.clone()))).await;
        let alike: Vec<Value> = alike.into_iter().map(Answer::ok).collect();
        assert!(alike.iter().all(|answer| *answer == alike[0]));
        let again = join_all((0..16).map(|_| pay(play.key()))).await;
        assert!(again.iter().all(|answer| answer.code() == "CONFLICT"));
        assert_eq!(play.booked(Account::Cash).await, 53_000);

        let second = play.asked_back(&deposit, "530").await;
        play.approve(&play.scene.finance, &second).await.ok();
        let pay = |key: String| {
            let input = json!({ "refundId": second, "signedBy": "王芳", "idempotencyKey": key });
            play.act(&play.scene.cashier, "payDepositRefund", "refund", input)
        };
        let each = join_all((0..16).map(|_| pay(play.key()))).await;
        let paid = each.iter().filter(|answer| answer.errors.is_empty()).count();
        assert_eq!((paid, play.booked(Account::Cash).await), (1, 0));
    });
}

#[test]
fn a_repeated_act_is_the_same_act() {
    run(async {
        let play = play().await;
        let (desk, cashier) = (&play.scene.desk, &play.scene.cashier);
        let input = json!({ "accountId": play.account, "kind": "PASS", "amount": "50",
            "agreement": "A", "idempotencyKey": "key-deposit-1" });
        let first = play.act(desk, "requestDeposit", "deposit", input.clone()).await.ok();
        let second = play.act(desk, "requestDeposit", "deposit", input.clone()).await.ok();
        assert_eq!(first, second);
        let mut other = input;
        other["amount"] = json!("60");
        let answer = play.act(desk, "requestDeposit", "deposit", other).await;
        assert_eq!(answer.code(), "IDEMPOTENCY_MISMATCH");
        let deposit = id_of(&first, "requestDeposit", "deposit");
        let input =
            json!({ "depositId": deposit, "till": "CASH", "idempotencyKey": "key-deposit-2" });
        let first = play.act(cashier, "takeDeposit", "deposit", input.clone()).await.ok();
        assert_eq!(play.act(cashier, "takeDeposit", "deposit", input).await.ok(), first);
        assert_eq!(play.booked(Account::Cash).await, 5_000);
    });
}
