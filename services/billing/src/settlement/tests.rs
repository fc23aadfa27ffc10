//! Fees, disputes and payouts of a stateful provider, to the last fen in the books.

use super::{take_in, take_in_payouts};
use crate::{
    cause::Cause,
    merchant_accounts,
    stage::{Scene, scene},
};
use ::payments::{
    CheckoutRequest, IdempotencyKey, Language, Merchant, PaymentProvider as _, ReturnUrls,
};
use fake_stripe::{Fault, Kind};
use money::{Currency, Fen};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use testkit::{eventually, run};

/// What the provider keeps of 835.86: 2.9 % and 0.30.
pub(super) const FEE: i64 = 2_454;

/// The balance of every account that has one, in fen, debits positive; the books agree.
async fn books(scene: &Scene) -> BTreeMap<String, i64> {
    let document = "query($estate: ID!) { \
        trialBalance(estateId: $estate, on: \"2027-12-31\") { rows { code debit { amount } credit { amount } } } \
        verifyLedger(estateId: $estate) { agrees } }";
    let variables = json!({ "estate": scene.estate.to_string() });
    let seen = scene.finance.send("billing", document, variables).await.ok();
    assert_eq!(seen["verifyLedger"]["agrees"], true);
    let fen =
        |side: &Value| side["amount"].as_str().map_or(0, |text| text.parse::<Fen>().unwrap().0);
    let rows = seen["trialBalance"]["rows"].as_array().unwrap().iter();
    rows.map(|row| {
        let code = row["code"].as_str().unwrap().to_owned();
        (code, fen(&row["debit"]) - fen(&row["credit"]))
    })
    .filter(|(_, balance)| *balance != 0)
    .collect()
}

/// The provider's side of the books: clearing, fees, disputed, bank.
async fn provider_side(scene: &Scene) -> [i64; 4] {
    let books = books(scene).await;
    ["1012", "6603", "1221", "1002"].map(|code| books.get(code).copied().unwrap_or_default())
}

/// Waits until the provider's side of the books is this.
pub(super) async fn becomes(scene: &Scene, wanted: [i64; 4]) {
    eventually(&format!("the books have {wanted:?}"), || async {
        provider_side(scene).await == wanted
    })
    .await;
}

/// As [`becomes`], while time goes on.
async fn becomes_in_time(scene: &Scene, wanted: [i64; 4]) {
    eventually(&format!("in time the books have {wanted:?}"), || async {
        scene.later(600);
        provider_side(scene).await == wanted
    })
    .await;
}

/// A payment of 835.86 that arrived; its id, and the provider's.
pub(super) async fn paid(scene: &Scene, account: &str) -> (String, String) {
    let (_, payment) = scene.begun("card-1", 83_586).await;
    scene.stage.stripe.pay(&scene.page(account), "card").unwrap();
    scene.becomes(&payment, "SUCCEEDED").await;
    let intents = scene.stage.stripe.list(account, Kind::PaymentIntent);
    (payment, intents.last().unwrap()["id"].as_str().unwrap().to_owned())
}

#[test]
fn fees_disputes_and_payouts_reach_the_books_as_they_are_announced() {
    run(async {
        let scene = scene().await;
        let account = scene.connect().await;
        let (_, intent) = paid(&scene, &account).await;
        let stripe = &scene.stage.stripe;
        becomes(&scene, [83_586 - FEE, FEE, 0, 0]).await;
        let dispute = stripe.open_dispute(&intent).unwrap();
        becomes(&scene, [-FEE - 1_500, FEE + 1_500, 83_586, 0]).await;
        stripe.close_dispute(dispute["id"].as_str().unwrap(), true).unwrap();
        becomes(&scene, [83_586 - FEE - 1_500, FEE + 1_500, 0, 0]).await;
        stripe.pay_out(&account, "cny").unwrap();
        becomes(&scene, [0, FEE + 1_500, 0, 83_586 - FEE - 1_500]).await;
    });
}

#[test]
fn without_any_announcement_the_jobs_find_everything() {
    run(async {
        let scene = scene().await;
        let account = scene.connect().await;
        let stripe = &scene.stage.stripe;
        stripe.pause(true);
        let (_, payment) = scene.begun("card-1", 83_586).await;
        stripe.pay(&scene.page(&account), "card").unwrap();
        stripe.fault("GET /v1/refunds", Fault::ServerError, 1);
        scene.later(60);
        scene.becomes(&payment, "SUCCEEDED").await;
        becomes_in_time(&scene, [83_586 - FEE, FEE, 0, 0]).await;
        let intents = stripe.list(&account, Kind::PaymentIntent);
        let dispute = stripe.open_dispute(intents[0]["id"].as_str().unwrap()).unwrap();
        stripe.close_dispute(dispute["id"].as_str().unwrap(), true).unwrap();
        stripe.pay_out(&account, "cny").unwrap();
        becomes_in_time(&scene, [0, FEE + 1_500, 0, 83_586 - FEE - 1_500]).await;
    });
}

#[test]
fn asking_again_posts_nothing_again() {
    run(async {
        let scene = scene().await;
        let account = scene.connect().await;
        let (payment, _) = paid(&scene, &account).await;
        scene.stage.stripe.pay_out(&account, "cny").unwrap();
        becomes(&scene, [0, FEE, 0, 83_586 - FEE]).await;
        let (channel, tenant) = (scene.channel(), scene.company.tenant);
        let scope = channel.db.read(tenant).await.unwrap();
        let merchant = merchant_accounts::active(&scope).await.unwrap().unwrap().id;
        drop(scope);
        let cause = Cause::announcement("evt_again");
        let asks = (0..4).map(|_| async {
            let id = payment.parse().unwrap();
            assert!(take_in(&channel, tenant, id, &cause).await.unwrap());
            take_in_payouts(&channel, tenant, merchant, &cause).await.unwrap();
        });
        futures::future::join_all(asks).await;
        becomes(&scene, [0, FEE, 0, 83_586 - FEE]).await;
    });
}

#[test]
fn what_the_company_sells_elsewhere_stays_out_of_the_estates_books() {
    run(async {
        let scene = scene().await;
        let account = scene.connect().await;
        let merchant = Merchant::Connected { account: account.clone() };
        let back = "https://estate.example/".to_owned();
        let request = CheckoutRequest {
            key: IdempotencyKey::new("shop-1").unwrap(),
            reference: "shop/1".to_owned(),
            description: "Tea".to_owned(),
            amount: Fen(10_000),
            currency: Currency::CNY,
            methods: Vec::new(),
            return_urls: ReturnUrls { success: back.clone(), cancel: back },
            language: Language::English,
            expires_at: scene.stage.world.clock.now() + chrono::Duration::hours(1),
        };
        let opened = scene.provider().create_checkout(&merchant, &request).await;
        assert!(matches!(opened, ::payments::Outcome::Succeeded(_)), "{opened:?}");
        scene.stage.stripe.pay(&scene.page(&account), "card").unwrap();
        paid(&scene, &account).await;
        scene.stage.stripe.pay_out(&account, "cny").unwrap();
        becomes(&scene, [0, FEE, 0, 83_586 - FEE]).await;
    });
}

#[test]
fn an_account_becomes_ready_when_the_provider_says_so() {
    run(async {
        let scene = scene().await;
        let account = scene.connect().await;
        let admin = scene.company.staff("CADM", None).await;
        let state = async || {
            let seen = admin.send("billing", "{ merchantAccount { state } }", json!({})).await.ok();
            seen["merchantAccount"]["state"].clone()
        };
        assert_eq!(state().await, Value::Null);
        scene.stage.stripe.finish_onboarding(&account).unwrap();
        eventually("the account is ready", || async { state().await == "READY" }).await;
    });
}
