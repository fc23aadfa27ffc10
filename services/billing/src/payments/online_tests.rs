//! Paying online, and everything that can go wrong at the provider.

use crate::stage::{OWN_ACCOUNT, OWN_KEY, OWN_SECRET, Scene, scene};
use fake_stripe::{Endpoint, Fault, Kind};
use futures::future::join_all;
use serde_json::{Value, json};
use testkit::run;

const OPENING: &str = "POST /v1/checkout/sessions";

#[test]
fn a_resident_pays_a_bill_into_the_companys_own_account() {
    run(async {
        let scene = scene().await;
        let account = scene.connect().await;
        let (debt, payment) = scene.begun("card-1", 83_586).await;
        let seen = scene.payment(&payment).await;
        assert_eq!(seen["status"], "PENDING");
        assert!(seen["checkoutUrl"].as_str().unwrap().starts_with(&scene.stage.api));
        scene.stage.stripe.pay(&scene.page(&account), "alipay").unwrap();
        let paid = scene.becomes(&payment, "SUCCEEDED").await;
        assert_eq!(paid["method"], "alipay");
        assert_eq!(paid["receipts"][0]["number"], "FCH-SJ-202607-000001");
        assert!(paid["checkoutUrl"].is_null());
        assert_eq!(scene.open_of(&debt.bill).await, 0);
        assert_eq!(scene.stage.stripe.list(&account, Kind::Charge).len(), 1);
        assert!(scene.stage.stripe.list("acct_platform", Kind::Charge).is_empty());
    });
}

#[test]
fn sixty_four_at_once_with_one_key_open_one_page_and_hear_the_same() {
    run(async {
        let scene = scene().await;
        let account = scene.connect().await;
        let debt = scene.owes("card-1", 83_586).await;
        let bills = [debt.bill.as_str()];
        let pays = (0..64).map(|_| scene.pay(&scene.owner, &bills, "key-0001"));
        let answers: Vec<Value> =
            join_all(pays).await.into_iter().map(testkit::Answer::ok).collect();
        assert!(answers[0]["payBills"]["payment"]["checkoutUrl"].is_string());
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
        assert_eq!(scene.stage.stripe.list(&account, Kind::CheckoutSession).len(), 1);
    });
}

#[test]
fn a_page_that_was_opened_without_an_answer_is_found_again() {
    run(async {
        let scene = scene().await;
        let account = scene.connect().await;
        scene.stage.stripe.fault(OPENING, Fault::TimeoutAfterEffect, 1);
        let (_, payment) = scene.begun("card-1", 83_586).await;
        let seen = scene.payment(&payment).await;
        assert_eq!((&seen["status"], &seen["checkoutUrl"]), (&json!("UNKNOWN"), &Value::Null));
        scene.later(20);
        let seen = scene.becomes(&payment, "PENDING").await;
        assert!(seen["checkoutUrl"].is_string());
        assert_eq!(scene.stage.stripe.list(&account, Kind::CheckoutSession).len(), 1);
        scene.stage.stripe.pay(&scene.page(&account), "card").unwrap();
        scene.becomes(&payment, "SUCCEEDED").await;
    });
}

#[test]
fn money_charged_without_any_answer_is_found_within_a_minute() {
    run(async {
        let scene = scene().await;
        let account = scene.connect().await;
        scene.stage.stripe.pause(true);
        scene.stage.stripe.fault(OPENING, Fault::TimeoutAfterEffect, 1);
        let (debt, payment) = scene.begun("card-1", 83_586).await;
        assert_eq!(scene.payment(&payment).await["status"], "UNKNOWN");
        scene.stage.stripe.pay(&scene.page(&account), "card").unwrap();
        scene.later(60);
        let paid = scene.becomes(&payment, "SUCCEEDED").await;
        assert_eq!(paid["receipts"].as_array().unwrap().len(), 1);
        assert_eq!(scene.open_of(&debt.bill).await, 0);
    });
}

#[test]
fn a_page_that_could_not_be_opened_is_opened_by_the_follow_up() {
    run(async {
        for fault in [Fault::ServerError, Fault::TimeoutBeforeEffect, Fault::RateLimited] {
            let scene = scene().await;
            scene.connect().await;
            scene.stage.stripe.fault(OPENING, fault, 1);
            let (_, payment) = scene.begun("card-1", 83_586).await;
            assert_eq!(scene.payment(&payment).await["status"], "UNKNOWN");
            scene.later(20);
            assert!(scene.becomes(&payment, "PENDING").await["checkoutUrl"].is_string());
        }
    });
}

#[test]
fn a_payment_that_never_reached_the_provider_has_failed_within_a_minute() {
    run(async {
        let scene = scene().await;
        scene.connect().await;
        scene.stage.stripe.fault(OPENING, Fault::SavedServerError, 1);
        let (debt, payment) = scene.begun("card-1", 83_586).await;
        assert_eq!(scene.payment(&payment).await["status"], "UNKNOWN");
        scene.later(60);
        scene.becomes(&payment, "FAILED").await;
        assert_eq!(scene.open_of(&debt.bill).await, 83_586);
        // Another try is another payment.
        let again = scene.pay(&scene.owner, &[&debt.bill], "key-0002").await.ok();
        assert_eq!(again["payBills"]["payment"]["status"], "PENDING");
    });
}

#[test]
fn a_lost_announcement_is_made_up_for() {
    run(async {
        let scene = scene().await;
        let account = scene.connect().await;
        scene.stage.stripe.pause(true);
        let (_, payment) = scene.begun("card-1", 83_586).await;
        scene.stage.stripe.pay(&scene.page(&account), "wechat_pay").unwrap();
        assert_eq!(scene.payment(&payment).await["status"], "PENDING");
        scene.later(60);
        scene.becomes(&payment, "SUCCEEDED").await;
        // They arrive after all, and change nothing.
        scene.stage.stripe.pause(false);
        scene.stage.stripe.retry_now();
        scene.stage.stripe.wait_idle().await;
        scene.acted_upon().await;
        let paid = scene.payment(&payment).await;
        assert_eq!(paid["status"], "SUCCEEDED");
        assert_eq!(paid["receipts"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn a_page_that_runs_out_unpaid_ends_the_payment() {
    run(async {
        let scene = scene().await;
        scene.connect().await;
        let (debt, payment) = scene.begun("card-1", 83_586).await;
        scene.later(3_700);
        scene.becomes(&payment, "FAILED").await;
        assert_eq!(scene.open_of(&debt.bill).await, 83_586);
    });
}

#[test]
fn a_bill_paid_at_the_counter_meanwhile_makes_online_money_prepayment() {
    run(async {
        let scene = scene().await;
        let account = scene.connect().await;
        let (debt, payment) = scene.begun("card-1", 83_586).await;
        scene.take(&scene.desk, &debt.account, "835.86", "key-0001").await.ok();
        scene.stage.stripe.pay(&scene.page(&account), "card").unwrap();
        let paid = scene.becomes(&payment, "SUCCEEDED").await;
        assert_eq!(paid["prepaid"]["amount"], "835.86");
        assert_eq!(scene.ahead(&debt.account).await, 83_586);
    });
}

#[test]
fn what_cannot_be_paid_online_is_refused() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        let answer = scene.pay(&scene.owner, &[&debt.bill], "key-0001").await;
        assert_eq!(answer.code(), "CONFLICT");
        scene.connect().await;
        let neighbour = scene.company.resident(scene.stage.world.clock.uuid()).await;
        let answer = scene.pay(&neighbour, &[&debt.bill], "key-0001").await;
        assert_eq!((answer.code(), answer.message()), ("NOT_FOUND", "not found"));
        assert_eq!(scene.pay(&scene.director, &[&debt.bill], "key-0001").await.code(), "FORBIDDEN");
        assert_eq!(scene.pay(&scene.owner, &[], "key-0001").await.field(), "billIds");
        scene.take(&scene.desk, &debt.account, "835.86", "key-0001").await.ok();
        assert_eq!(scene.pay(&scene.owner, &[&debt.bill], "key-0001").await.code(), "CONFLICT");
    });
}

async fn set_keys(scene: &Scene, secret_key: &str) -> testkit::Answer {
    let document = "mutation($input: SetStripeKeysInput!) { setStripeKeys(input: $input) { merchantAccount { kind account webhookPath } } }";
    let input =
        json!({"account": OWN_ACCOUNT, "secretKey": secret_key, "webhookSecret": OWN_SECRET});
    scene.finance.send("billing", document, json!({ "input": input })).await
}

#[test]
fn a_company_with_its_own_keys_is_paid_with_them() {
    run(async {
        let scene = scene().await;
        assert_eq!(set_keys(&scene, "pk_test_public").await.field(), "secretKey");
        assert_eq!(set_keys(&scene, "sk_test_wrong").await.field(), "secretKey");
        let set = set_keys(&scene, OWN_KEY).await.ok()["setStripeKeys"]["merchantAccount"].take();
        assert_eq!(set["kind"], "OWN_KEYS");
        let path = set["webhookPath"].as_str().unwrap();
        scene.stage.stripe.add_endpoint(Endpoint {
            account: OWN_ACCOUNT.to_owned(),
            url: format!("{}{path}", scene.stage.url),
            secret: OWN_SECRET.to_owned(),
            connect: false,
        });
        let (_, payment) = scene.begun("card-1", 83_586).await;
        scene.stage.stripe.pay(&scene.page(OWN_ACCOUNT), "card").unwrap();
        scene.becomes(&payment, "SUCCEEDED").await;
        // Money paid before the keys were replaced stays with the account it was paid into.
        scene.connect().await;
        let (_, later) = scene.begun("card-2", 10_000).await;
        assert_eq!(scene.payment(&later).await["status"], "PENDING");
        assert_eq!(scene.stage.stripe.list(OWN_ACCOUNT, Kind::CheckoutSession).len(), 1);
    });
}

#[test]
fn keys_are_sealed_and_only_those_who_manage_the_account_see_it() {
    run(async {
        let scene = scene().await;
        set_keys(&scene, OWN_KEY).await.ok();
        let db = scene.stage.world.db("billing").read(scene.company.tenant).await.unwrap();
        let stored = crate::merchant_accounts::active(&db).await.unwrap().unwrap();
        let keys = stored.keys.unwrap();
        for text in [&keys.api_key, &keys.webhook_secret, &keys.wrapped_key] {
            assert!(text.bytes().all(|b| b.is_ascii_hexdigit()), "{text}");
            for secret in [OWN_KEY, OWN_SECRET] {
                assert!(!text.contains(&hex::encode(secret)));
            }
        }
        let document = "{ merchantAccount { account } }";
        scene.finance.send("billing", document, json!({})).await.ok();
        assert_eq!(scene.desk.send("billing", document, json!({})).await.code(), "NOT_FOUND");
    });
}
