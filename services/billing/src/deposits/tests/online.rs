//! Deposits paid online by the resident: a liability with a receipt of its own, given back by the
//! provider to the card or wallet it came from.

use super::{Play, play};
use crate::{ledger::Account, stage::PAYMENT};
use contracts::billing::{DepositHeld, DepositRefunded};
use fake_stripe::{Fault, Kind};
use futures::future::join_all;
use money::Fen;
use serde_json::{Value, json};
use testkit::{Answer, Signed, eventually, run};

const REFUNDING: &str = "POST /v1/refunds";

impl Play {
    async fn pay_online(&self, who: &Signed, deposit: &str, key: &str) -> Answer {
        let text = format!(
            "mutation($input: PayDepositInput!) {{ payDeposit(input: $input) {{ payment {{ depositId {PAYMENT} }} }} }}"
        );
        let input = json!({ "depositId": deposit, "returnUrl": "https://estate.example/paid",
            "idempotencyKey": key });
        who.send("billing", &text, json!({ "input": input })).await
    }

    /// The owner begins to pay; the payment and the company's account at the provider.
    async fn begun(&self, deposit: &str) -> (String, String) {
        let account = self.scene.connect().await;
        let begun = self.pay_online(&self.scene.owner, deposit, "pay-deposit-1").await.ok();
        let payment = &begun["payDeposit"]["payment"];
        assert_eq!(
            (&payment["status"], &payment["depositId"]),
            (&json!("PENDING"), &json!(deposit))
        );
        (payment["id"].as_str().unwrap().to_owned(), account)
    }

    /// A deposit of 2,000.00 that the owner paid by Alipay.
    async fn paid(&self) -> (String, String, String) {
        let deposit = self.request("RENOVATION", "2000").await;
        let (payment, account) = self.begun(&deposit).await;
        self.scene.stage.stripe.pay(&self.scene.page(&account), "alipay").unwrap();
        self.scene.becomes(&payment, "SUCCEEDED").await;
        (deposit, payment, account)
    }

    async fn deposit(&self, deposit: &str) -> Value {
        self.seen(&self.scene.owner, deposit).await.ok()["deposit"].take()
    }

    /// The refund of a deposit is sent to the provider without any other proof.
    async fn sent(&self, deposit: &str, amount: &str) -> String {
        let refund = self.asked_back(deposit, amount).await;
        self.approve(&self.scene.finance, &refund).await.ok();
        self.send(&refund).await;
        refund
    }

    async fn send(&self, refund: &str) {
        let input = json!({ "refundId": refund });
        self.act(&self.scene.cashier, "payDepositRefund", "refund", input).await.ok();
    }

    async fn refund_is(&self, deposit: &str, status: &str) -> Value {
        eventually(&format!("the refund is {status}"), || async {
            self.deposit(deposit).await["refunds"][0]["status"] == status
        })
        .await;
        self.deposit(deposit).await
    }

    /// What the provider gave back, in fen.
    fn given_back_there(&self, account: &str) -> i64 {
        let all = self.scene.stage.stripe.list(account, Kind::Refund);
        let done = all.iter().filter(|refund| refund["status"] == "succeeded");
        done.map(|refund| refund["amount"].as_i64().unwrap()).sum()
    }

    async fn reconciled(&self) {
        let text = "query($id: ID!) { providerReconciliation(estateId: $id, from: \"2026-07-01\", to: \"2026-08-31\") \
                    { reconciled totals { kind books { amount } } differences { kind standing difference { amount } } } }";
        let id = json!({ "id": self.scene.estate.to_string() });
        eventually("the provider and the books say the same", || async {
            let seen = self.scene.finance.send("billing", text, id.clone()).await.ok();
            seen["providerReconciliation"]["reconciled"] == true
        })
        .await;
    }
}

#[test]
fn a_deposit_paid_online_is_a_liability_with_a_receipt_and_goes_back_to_who_paid() {
    run(async {
        let play = play().await;
        let (deposit, payment, account) = play.paid().await;
        let held = play.deposit(&deposit).await;
        assert_eq!((&held["status"], &held["left"]["amount"]), (&json!("HELD"), &json!("2000.00")));
        let receipt = &held["receipts"][0];
        assert_eq!(
            (&receipt["number"], &receipt["kind"]),
            (&json!("FCH-YJ-202607-000001"), &json!("DEPOSIT"))
        );
        let seen = play.scene.payment(&payment).await;
        assert_eq!(seen["receipts"][0]["number"], receipt["number"]);
        assert_eq!((&seen["parts"], &seen["prepaid"]["amount"]), (&json!([]), &json!("0.00")));
        // No income, no debt met, nothing paid ahead.
        assert_eq!(play.booked(Account::DepositLiability(play.debtor())).await, -200_000);
        assert_eq!(play.booked(Account::Receivable(play.debtor())).await, 100);
        assert_eq!(play.booked(Account::PrepaymentLiability(play.debtor())).await, 0);
        assert_eq!(play.booked(Account::OtherIncome).await, 0);
        assert_eq!(play.scene.heard::<DepositHeld>().await[0].deposit, deposit);
        play.reconciled().await;

        // It does not go back past the two people that a deposit needs.
        let past = play.scene.ask_refund(&play.scene.owner, &payment, "2000", "key-past").await;
        assert_eq!(past.code(), "CONFLICT");
        play.sent(&deposit, "2000").await;
        let back = play.refund_is(&deposit, "PAID").await;
        assert_eq!(back["status"], "REFUNDED");
        assert_eq!(back["refunds"][0]["receipts"][0]["number"], "FCH-TK-202607-000001");
        assert_eq!(play.given_back_there(&account), 200_000);
        assert_eq!(play.scene.payment(&payment).await["status"], "REFUNDED");
        assert_eq!(play.booked(Account::DepositLiability(play.debtor())).await, 0);
        assert_eq!(play.liability().await["agrees"], true);
        let told = play.scene.heard::<DepositRefunded>().await;
        assert_eq!((told.len(), told[0].amount, told[0].left), (1, Fen(200_000), Fen::ZERO));
        play.scene.stage.stripe.wait_idle().await;
        play.scene.acted_upon().await;
        play.reconciled().await;
        assert_eq!(play.deposit(&deposit).await["refunds"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn it_is_paid_once_whatever_is_repeated_and_by_its_payer_alone() {
    run(async {
        let play = play().await;
        let deposit = play.request("RENOVATION", "2000").await;
        let none = play.pay_online(&play.scene.owner, &deposit, "pay-deposit-1").await;
        assert_eq!(none.code(), "CONFLICT", "nobody is connected to the provider");
        let account = play.scene.connect().await;
        let neighbour = play.scene.company.resident(play.scene.stage.world.clock.uuid()).await;
        let elsewhere = play.scene.company.estate("NTH", "北苑").await;
        let stranger = play.scene.company.staff("DESK", elsewhere).await;
        for who in [&neighbour, &stranger] {
            assert_eq!(play.pay_online(who, &deposit, "pay-deposit-2").await.code(), "NOT_FOUND");
        }
        let refused = play.pay_online(&play.scene.finance, &deposit, "pay-deposit-2").await;
        assert_eq!(refused.code(), "FORBIDDEN");
        let all = (0..16).map(|_| play.pay_online(&play.scene.owner, &deposit, "pay-deposit-1"));
        let all: Vec<Value> = join_all(all).await.into_iter().map(Answer::ok).collect();
        assert!(all.iter().all(|one| *one == all[0]), "{all:#?}");
        assert_eq!(play.scene.stage.stripe.list(&account, Kind::CheckoutSession).len(), 1);
        let payment = all[0]["payDeposit"]["payment"]["id"].as_str().unwrap().to_owned();
        play.scene.stage.stripe.pay(&play.scene.page(&account), "card").unwrap();
        play.scene.becomes(&payment, "SUCCEEDED").await;
        play.scene.stage.stripe.wait_idle().await;
        play.scene.acted_upon().await;
        let late = play.pay_online(&play.scene.owner, &deposit, "pay-deposit-3").await;
        assert_eq!(late.code(), "CONFLICT");
        assert_eq!(play.booked(Account::DepositLiability(play.debtor())).await, -200_000);
    });
}

#[test]
fn money_for_a_deposit_that_was_paid_at_the_counter_is_paid_ahead() {
    run(async {
        let play = play().await;
        let deposit = play.request("RENOVATION", "2000").await;
        let (payment, account) = play.begun(&deposit).await;
        let input = json!({ "depositId": deposit, "till": "CASH" });
        play.act(&play.scene.cashier, "takeDeposit", "deposit", input).await.ok();
        play.scene.stage.stripe.pay(&play.scene.page(&account), "card").unwrap();
        let paid = play.scene.becomes(&payment, "SUCCEEDED").await;
        assert_eq!(paid["prepaid"]["amount"], "2000.00");
        assert_eq!(paid["receipts"][0]["number"], "FCH-SJ-202607-000001");
        assert_eq!(play.booked(Account::DepositLiability(play.debtor())).await, -200_000);
        assert_eq!(play.scene.ahead(&play.account).await, 200_000);
        // It goes back as what is paid ahead does.
        let asked =
            play.scene.ask_refund(&play.scene.owner, &payment, "2000", "key-back").await.ok();
        let refund = asked["requestRefund"]["refund"]["id"].as_str().unwrap().to_owned();
        play.scene.approve(&play.scene.finance, &refund, "key-approve").await.ok();
        play.scene.becomes(&payment, "REFUNDED").await;
        assert_eq!(play.scene.ahead(&play.account).await, 0);
        assert_eq!(play.deposit(&deposit).await["status"], "HELD");
    });
}

#[test]
fn what_the_provider_cannot_give_back_is_sent_again_or_transferred() {
    run(async {
        let play = play().await;
        let (deposit, _, account) = play.paid().await;
        let stripe = &play.scene.stage.stripe;
        stripe.fault(REFUNDING, Fault::PendingRefund, 1);
        let refund = play.sent(&deposit, "1500").await;
        assert_eq!(play.refund_is(&deposit, "SENT").await["left"]["amount"], "2000.00");
        // While it is on its way nobody sends it again, nor promises its money to somebody else.
        let again = play.act(
            &play.scene.cashier,
            "payDepositRefund",
            "refund",
            json!({ "refundId": refund }),
        );
        assert_eq!(again.await.code(), "CONFLICT");
        let more = json!({ "depositId": deposit, "amount": "500.01", "reason": "验收合格" });
        let more = play.act(&play.scene.desk, "requestDepositRefund", "refund", more).await;
        assert_eq!(more.field(), "amount");
        eventually("the provider has it", || async {
            !stripe.list(&account, Kind::Refund).is_empty()
        })
        .await;
        let there = stripe.list(&account, Kind::Refund)[0]["id"].clone();
        stripe.finish_refund(there.as_str().unwrap(), false).unwrap();
        play.scene.later(60);
        play.refund_is(&deposit, "APPROVED").await;
        // The card is gone: a transfer to the payer, whose number is its proof.
        play.pay(&play.scene.cashier, &refund).await.ok();
        let seen = play.refund_is(&deposit, "PAID").await;
        assert_eq!(seen["refunds"][0]["bankReference"], "T-1");
        assert_eq!(
            (&seen["left"]["amount"], play.given_back_there(&account)),
            (&json!("500.00"), 0)
        );
        assert_eq!(play.booked(Account::Bank).await, -150_000);
        assert_eq!(play.booked(Account::DepositLiability(play.debtor())).await, -50_000);
        assert_eq!(play.liability().await["agrees"], true);
    });
}

#[test]
fn what_was_given_back_at_the_provider_past_us_leaves_the_deposit() {
    run(async {
        let play = play().await;
        let (deposit, payment, account) = play.paid().await;
        let kept = play.told(&deposit, "150").await;
        play.scene.later(6 * super::DAY);
        play.confirm(&play.scene.finance, &kept).await.ok();
        let stripe = &play.scene.stage.stripe;
        let paid = stripe.list(&account, Kind::PaymentIntent)[0]["id"].as_str().unwrap().to_owned();
        play.scene.refund_past_us(&account, &paid, Fen(200_000)).await;
        play.scene.becomes(&payment, "REFUNDED").await;
        // 1,850.00 were held; 150.00 had been kept and are owed now.
        let seen = play.deposit(&deposit).await;
        assert_eq!(
            (&seen["status"], &seen["left"]["amount"]),
            (&json!("REFUNDED"), &json!("0.00"))
        );
        assert_eq!(seen["refunds"][0]["status"], "PAID");
        assert_eq!(play.booked(Account::DepositLiability(play.debtor())).await, 0);
        assert_eq!(play.booked(Account::Receivable(play.debtor())).await, 100 + 15_000);
        assert_eq!(play.liability().await["agrees"], true);
    });
}
