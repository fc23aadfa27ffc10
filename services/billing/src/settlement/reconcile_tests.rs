//! The books against a stateful provider, to the last fen.

use super::tests::{FEE, becomes, paid};
use crate::{
    ledger::{self, Entry, Posting},
    stage::{Scene, scene},
};
use money::{Currency, Fen};
use serde_json::{Value, json};
use testkit::{Answer, Signed, run};

async fn ask(scene: &Scene, who: &Signed, from: &str, to: &str) -> Answer {
    let document = "query($estate: ID!, $from: NaiveDate!, $to: NaiveDate!) { \
        providerReconciliation(estateId: $estate, from: $from, to: $to) { \
        reconciled difference { amount } held { amount } heldInBooks { amount } \
        totals { kind items provider { amount } books { amount } difference { amount } } \
        differences { kind sourceId standing difference { amount } } } }";
    let variables = json!({ "estate": scene.estate.to_string(), "from": from, "to": to });
    who.send("billing", document, variables).await
}

async fn july(scene: &Scene) -> Value {
    let data = ask(scene, &scene.finance, "2026-07-01", "2026-07-31").await.ok();
    data["providerReconciliation"].clone()
}

/// What both sides say of a kind.
fn both<'v>(seen: &'v Value, kind: &str) -> (&'v str, &'v str) {
    let rows = seen["totals"].as_array().unwrap();
    let row = rows.iter().find(|row| row["kind"] == kind).unwrap();
    (row["provider"]["amount"].as_str().unwrap(), row["books"]["amount"].as_str().unwrap())
}

#[test]
fn fees_a_dispute_won_one_lost_and_a_payout_leave_no_difference() {
    run(async {
        let scene = scene().await;
        let account = scene.connect().await;
        let stripe = &scene.stage.stripe;
        let (_, intent) = paid(&scene, &account).await;
        becomes(&scene, [83_586 - FEE, FEE, 0, 0]).await;
        let won = stripe.open_dispute(&intent).unwrap();
        stripe.close_dispute(won["id"].as_str().unwrap(), true).unwrap();
        becomes(&scene, [83_586 - FEE - 1_500, FEE + 1_500, 0, 0]).await;
        let seen = july(&scene).await;
        assert_eq!(seen["reconciled"], true, "{seen:#}");
        assert_eq!(both(&seen, "PAYMENT"), ("835.86", "835.86"));
        assert_eq!(both(&seen, "FEE"), ("-39.54", "-39.54"));
        assert_eq!(both(&seen, "DISPUTE"), ("0.00", "0.00"));
        assert_eq!(seen["held"], seen["heldInBooks"]);

        let (_, payment) = scene.begun("card-2", 20_000).await;
        stripe.pay(&scene.page(&account), "card").unwrap();
        scene.becomes(&payment, "SUCCEEDED").await;
        let second = 20_000 * 29 / 1_000 + 30;
        let held = 83_586 + 20_000 - FEE - 1_500 - second;
        becomes(&scene, [held, FEE + 1_500 + second, 0, 0]).await;
        let intents = stripe.list(&account, fake_stripe::Kind::PaymentIntent);
        let last = intents.last().unwrap()["id"].as_str().unwrap().to_owned();
        let lost = stripe.open_dispute(&last).unwrap();
        stripe.close_dispute(lost["id"].as_str().unwrap(), false).unwrap();
        let fees = FEE + 3_000 + second;
        becomes(&scene, [83_586 - fees, fees, 20_000, 0]).await;
        stripe.pay_out(&account, "cny").unwrap();
        becomes(&scene, [0, fees, 20_000, 83_586 - fees]).await;

        let seen = july(&scene).await;
        assert_eq!(seen["reconciled"], true, "{seen:#}");
        assert_eq!(both(&seen, "DISPUTE"), ("-200.00", "-200.00"));
        let carried = Fen(fees - 83_586).to_string();
        assert_eq!(both(&seen, "PAYOUT"), (carried.as_str(), carried.as_str()));
        assert_eq!(seen["difference"]["amount"], "0.00");
        assert_eq!(
            (&seen["held"]["amount"], &seen["heldInBooks"]["amount"]),
            (&json!("0.00"), &json!("0.00"))
        );
    });
}

#[test]
fn what_only_one_side_has_is_named() {
    run(async {
        let scene = scene().await;
        let account = scene.connect().await;
        let (payment, _) = paid(&scene, &account).await;
        becomes(&scene, [83_586 - FEE, FEE, 0, 0]).await;
        let scope = scene.stage.world.db("billing").write(scene.company.tenant).await.unwrap();
        for (entry, source) in [
            (Entry::provider_fee(Fen(100), Currency::CNY).unwrap(), payment.clone()),
            (Entry::payout(Fen(500), Currency::CNY).unwrap(), "po_nowhere".to_owned()),
        ] {
            let date = "2026-07-31".parse().unwrap();
            let posting =
                Posting { estate: scene.estate, entry, date, source, memo: String::new() };
            ledger::post(&scope, posting).await.unwrap();
        }
        scope.commit().await.unwrap();
        let seen = july(&scene).await;
        assert_eq!(seen["reconciled"], false);
        assert_eq!(seen["difference"]["amount"], "-6.00");
        let rows = seen["differences"].as_array().unwrap();
        let named: Vec<(&str, &str)> = rows
            .iter()
            .map(|row| (row["standing"].as_str().unwrap(), row["sourceId"].as_str().unwrap()))
            .collect();
        assert_eq!(named, [("DIFFERS", payment.as_str()), ("MISSING_THERE", "po_nowhere")]);
    });
}

#[test]
fn only_who_may_see_the_bank_sees_the_comparison_and_not_for_ever() {
    run(async {
        let scene = scene().await;
        let foreign = scene.stage.world.company().staff("CFIN", None).await;
        for who in [&scene.desk, &scene.owner, &foreign] {
            let seen = ask(&scene, who, "2026-07-01", "2026-07-31").await;
            assert_eq!(seen.code(), "NOT_FOUND");
        }
        let long = ask(&scene, &scene.finance, "2026-01-01", "2026-07-31").await;
        assert_eq!((long.code(), long.field()), ("INVALID", "to"));
        let turned = ask(&scene, &scene.finance, "2026-07-31", "2026-07-01").await;
        assert_eq!(turned.field(), "to");
    });
}
