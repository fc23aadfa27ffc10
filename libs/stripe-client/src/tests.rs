//! The provider against the fake peer, on every path money can take.

use crate::{StripeConfig, StripeProvider};
use chrono::Duration as Days;
use clock::Clock;
use fake_stripe::{FakeStripe, Fault, Kind};
use money::{Currency, Fen};
use payments::{
    ChargeSavedRequest, Checkout, CheckoutRequest, EventKind, FailureKind, IdempotencyKey,
    Language, Merchant, MethodKind, Object, Outcome, OwnKeys, PaymentObject, PaymentProvider as _,
    ReadError, RefundRequest, ReturnUrls, SaveCardRequest, SavedCard, SettlementKind, Subject,
    WebhookEndpoint, WebhookError,
};
use std::time::Duration;

struct Fixture {
    peer: FakeStripe,
    provider: StripeProvider,
    clock: Clock,
}

fn green() -> Merchant {
    Merchant::Connected { account: "acct_green".to_owned() }
}

fn own_keys() -> OwnKeys {
    OwnKeys {
        account: "acct_own".to_owned(),
        api_key: "sk_test_own".into(),
        webhook_secret: "whsec_own".into(),
    }
}

impl Fixture {
    async fn new() -> Self {
        let clock = Clock::fixed("2026-03-01T00:00:00Z".parse().unwrap());
        let builder = FakeStripe::builder(clock.clone()).key("sk_test_platform", "acct_platform");
        let peer = builder.key("sk_test_own", "acct_own").start().unwrap();
        peer.add_connected("acct_platform", "acct_green");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        peer.set_base_url(&url);
        tokio::spawn(peer.clone().serve(listener));
        let config = StripeConfig {
            base_url: Some(format!("{url}/")),
            platform_key: "sk_test_platform".into(),
            webhook_secrets: vec!["whsec_platform".into()],
            timeout: Duration::from_millis(400),
        };
        Self { peer, provider: StripeProvider::new(config, clock.clone()), clock }
    }

    fn request(&self, reference: &str) -> CheckoutRequest {
        CheckoutRequest {
            key: IdempotencyKey::new(format!("checkout-{reference}")).unwrap(),
            reference: reference.to_owned(),
            description: "物业费 2026年3月".to_owned(),
            amount: Fen(10_000),
            currency: Currency::CNY,
            methods: vec![MethodKind::Alipay, MethodKind::WechatPay],
            return_urls: ReturnUrls {
                success: "http://app/done".to_owned(),
                cancel: "http://app/cancel".to_owned(),
            },
            language: Language::Chinese,
            expires_at: self.clock.now() + Days::hours(1),
        }
    }

    async fn open(&self, merchant: &Merchant, reference: &str) -> Checkout {
        match self.provider.create_checkout(merchant, &self.request(reference)).await {
            Outcome::Succeeded(checkout) => checkout,
            other => panic!("{other:?}"),
        }
    }

    /// A checkout that was paid; answers the provider's id of the payment.
    async fn paid(&self, merchant: &Merchant, reference: &str) -> String {
        let checkout = self.open(merchant, reference).await;
        self.peer.pay(&checkout.id, "alipay").unwrap();
        let session = self.peer.list(merchant.account(), Kind::CheckoutSession).pop().unwrap();
        session["payment_intent"].as_str().unwrap().to_owned()
    }

    fn by_reference(&self, reference: &str) -> Subject {
        Subject::Reference { reference: reference.to_owned(), since: self.clock.now() }
    }
}

fn refund(payment: &str, reference: &str, amount: i64) -> RefundRequest {
    RefundRequest {
        key: IdempotencyKey::new(format!("refund-{reference}")).unwrap(),
        reference: reference.to_owned(),
        payment: payment.to_owned(),
        amount: Fen(amount),
    }
}

fn failed_as<T>(outcome: &Outcome<T>) -> Option<FailureKind> {
    match outcome {
        Outcome::Failed(failure) => Some(failure.kind),
        _ => None,
    }
}

#[tokio::test]
async fn a_checkout_is_opened_paid_and_found_from_every_side() {
    let f = Fixture::new().await;
    for merchant in [green(), Merchant::OwnKeys(own_keys())] {
        let checkout = f.open(&merchant, "pay_1").await;
        let session = Subject::Object(PaymentObject::Checkout(checkout.id.clone()));
        assert_eq!(f.provider.query(&merchant, &session).await.outcome, Outcome::Pending);
        f.peer.pay(&checkout.id, "wechat_pay").unwrap();
        let charge = f.peer.list(merchant.account(), Kind::Charge).pop().unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        for subject in [
            session,
            f.by_reference("pay_1"),
            Subject::Object(PaymentObject::Payment(text(&charge["payment_intent"]))),
            Subject::Object(PaymentObject::Attempt(text(&charge["id"]))),
        ] {
            let status = f.provider.query(&merchant, &subject).await;
            assert_eq!(status.reference.as_deref(), Some("pay_1"));
            let Outcome::Succeeded(paid) = status.outcome else { panic!("{status:?}") };
            assert_eq!((paid.amount, paid.method), (Fen(10_000), Some(MethodKind::WechatPay)));
            assert_eq!(
                (paid.currency, paid.refunded, paid.disputed),
                (Currency::CNY, Fen(0), false)
            );
        }
    }
}

#[tokio::test]
async fn a_declined_checkout_can_still_be_paid_and_an_expired_one_cannot() {
    let f = Fixture::new().await;
    let checkout = f.open(&green(), "pay_1").await;
    f.peer.pay(&checkout.id, "decline").unwrap_err();
    let intent = f.peer.list("acct_green", Kind::PaymentIntent).pop().unwrap();
    let intent = Subject::Object(PaymentObject::Payment(intent["id"].as_str().unwrap().to_owned()));
    assert_eq!(f.provider.query(&green(), &intent).await.outcome, Outcome::Pending);
    f.clock.advance(Days::hours(2));
    f.peer.pay(&checkout.id, "alipay").unwrap();
    let status = f.provider.query(&green(), &intent).await;
    assert_eq!(failed_as(&status.outcome), Some(FailureKind::Expired));
    assert!(f.peer.list("acct_green", Kind::BalanceTransaction).is_empty(), "no money was taken");
}

#[tokio::test]
async fn whatever_is_lost_on_the_way_is_unknown_and_a_repeat_opens_one_page() {
    let f = Fixture::new().await;
    let faults = [
        (Fault::TimeoutAfterEffect, 1),
        (Fault::DropAfterEffect, 1),
        (Fault::TimeoutBeforeEffect, 0),
        (Fault::ServerError, 0),
        (Fault::RateLimited, 0),
    ];
    for (number, (fault, already)) in faults.into_iter().enumerate() {
        let reference = format!("pay_{number}");
        f.peer.fault("POST /v1/checkout", fault.clone(), 1);
        let lost = f.provider.create_checkout(&green(), &f.request(&reference)).await;
        assert!(matches!(lost, Outcome::Unknown { .. }), "{fault:?}: {lost:?}");
        let found = f.provider.query(&green(), &f.by_reference(&reference)).await.outcome;
        if already == 1 {
            assert_eq!(found, Outcome::Pending, "{fault:?}");
        } else {
            assert_eq!(failed_as(&found), Some(FailureKind::NotFound), "{fault:?}");
        }
        f.open(&green(), &reference).await;
        assert_eq!(f.peer.list("acct_green", Kind::CheckoutSession).len(), number + 1, "{fault:?}");
    }
}

#[tokio::test]
async fn a_question_that_fails_says_nothing_about_the_payment() {
    let f = Fixture::new().await;
    f.paid(&green(), "pay_1").await;
    for fault in [Fault::TimeoutBeforeEffect, Fault::ServerError, Fault::DropAfterEffect] {
        f.peer.fault("GET /v1/checkout", fault.clone(), 1);
        let status = f.provider.query(&green(), &f.by_reference("pay_1")).await;
        assert!(matches!(status.outcome, Outcome::Unknown { .. }), "{fault:?}: {status:?}");
    }
    let mut keys = own_keys();
    keys.api_key = "sk_test_revoked".into();
    let revoked = Merchant::OwnKeys(keys);
    let status = f.provider.query(&revoked, &f.by_reference("pay_1")).await;
    assert!(matches!(status.outcome, Outcome::Unknown { .. }), "{status:?}");
    let lost = f.provider.create_checkout(&revoked, &f.request("pay_2")).await;
    assert!(matches!(lost, Outcome::Unknown { .. }), "{lost:?}");
    let payouts = f.provider.payouts(&revoked, f.clock.now()).await;
    assert!(matches!(payouts, Err(ReadError::Refused(_))), "{payouts:?}");
}

#[tokio::test]
async fn the_same_key_is_the_same_page_and_other_input_is_refused() {
    let f = Fixture::new().await;
    let first = f.open(&green(), "pay_1").await;
    assert_eq!(f.open(&green(), "pay_1").await, first);
    let mut other = f.request("pay_1");
    other.amount = Fen(1);
    let refused = f.provider.create_checkout(&green(), &other).await;
    assert_eq!(failed_as(&refused), Some(FailureKind::KeyReused));
}

#[tokio::test]
async fn another_merchants_payment_is_a_missing_one() {
    let f = Fixture::new().await;
    let payment = f.paid(&green(), "pay_1").await;
    let stranger = Merchant::OwnKeys(own_keys());
    let subject = Subject::Object(PaymentObject::Payment(payment.clone()));
    let status = f.provider.query(&stranger, &subject).await;
    assert_eq!(failed_as(&status.outcome), Some(FailureKind::NotFound));
    let status = f.provider.query(&stranger, &f.by_reference("pay_1")).await;
    assert_eq!(failed_as(&status.outcome), Some(FailureKind::NotFound));
    let given = f.provider.refund(&stranger, &refund(&payment, "r1", 1)).await;
    assert_eq!(failed_as(&given), Some(FailureKind::NotFound));
    assert!(f.peer.list("acct_green", Kind::Refund).is_empty());
}

#[tokio::test]
async fn refunds_are_partial_then_full_then_refused() {
    let f = Fixture::new().await;
    let payment = f.paid(&green(), "pay_1").await;
    let give = |reference: &'static str, amount| {
        let request = refund(&payment, reference, amount);
        let provider = &f.provider;
        async move { provider.refund(&green(), &request).await }
    };
    assert!(matches!(give("r1", 4_000).await, Outcome::Succeeded(_)));
    assert_eq!(failed_as(&give("r2", 6_001).await), Some(FailureKind::Refused));
    assert!(matches!(give("r3", 6_000).await, Outcome::Succeeded(_)));
    assert!(matches!(give("r3", 6_000).await, Outcome::Succeeded(_)), "a repeat gives nothing");
    assert_eq!(failed_as(&give("r4", 1).await), Some(FailureKind::Refused));
    let status = f.provider.query(&green(), &f.by_reference("pay_1")).await;
    let Outcome::Succeeded(paid) = status.outcome else { panic!("{status:?}") };
    assert_eq!(paid.refunded, Fen(10_000));
}

#[tokio::test]
async fn a_refund_whose_answer_was_lost_is_found_by_our_reference() {
    let f = Fixture::new().await;
    let payment = f.paid(&green(), "pay_1").await;
    f.peer.fault("POST /v1/refunds", Fault::TimeoutAfterEffect, 1);
    let lost = f.provider.refund(&green(), &refund(&payment, "r1", 100)).await;
    assert!(matches!(lost, Outcome::Unknown { .. }), "{lost:?}");
    let found = f.provider.find_refund(&green(), &payment, "r1").await;
    assert!(matches!(found, Outcome::Succeeded(ref r) if r.amount == Fen(100)), "{found:?}");
    let other = f.provider.find_refund(&green(), &payment, "r2").await;
    assert_eq!(failed_as(&other), Some(FailureKind::NotFound));
    f.peer.fault("", Fault::PendingRefund, 1);
    let pending = f.provider.refund(&green(), &refund(&payment, "r3", 100)).await;
    assert_eq!(pending, Outcome::Pending);
    let last = f.peer.list("acct_green", Kind::Refund).pop().unwrap();
    f.peer.finish_refund(last["id"].as_str().unwrap(), false).unwrap();
    let ended = f.provider.find_refund(&green(), &payment, "r3").await;
    assert_eq!(failed_as(&ended), Some(FailureKind::Declined));
}

#[tokio::test]
async fn fees_and_payouts_add_up() {
    let f = Fixture::new().await;
    let payment = f.paid(&green(), "pay_1").await;
    f.provider.refund(&green(), &refund(&payment, "r1", 1_000)).await;
    let lines = f.provider.fees(&green(), &payment).await.unwrap();
    let kinds: Vec<_> = lines.iter().map(|l| (l.kind, l.gross, l.fee)).collect();
    let expected = [
        (SettlementKind::Payment, Fen(10_000), Fen(320)),
        (SettlementKind::Refund, Fen(-1_000), Fen(0)),
    ];
    assert_eq!(kinds, expected);
    let disputed = f.paid(&green(), "pay_2").await;
    let dispute = f.peer.open_dispute(&disputed).unwrap();
    f.peer.close_dispute(dispute["id"].as_str().unwrap(), true).unwrap();
    let status = f.provider.query(&green(), &f.by_reference("pay_2")).await;
    assert!(matches!(status.outcome, Outcome::Succeeded(ref paid) if paid.disputed), "{status:?}");
    f.peer.pay_out("acct_green", "cny").unwrap();
    let payouts = f.provider.payouts(&green(), f.clock.now()).await.unwrap();
    let [payout] = payouts.as_slice() else { panic!("{payouts:?}") };
    assert_eq!(payout.lines.iter().map(|line| line.net).sum::<Fen>(), payout.amount);
    assert!(payout.is_paid && payout.lines.iter().any(|l| l.kind == SettlementKind::Dispute));
    assert!(f.provider.payouts(&green(), f.clock.now() + Days::days(1)).await.unwrap().is_empty());
}

#[tokio::test]
async fn onboarding_opens_one_account_and_leads_to_a_page() {
    let f = Fixture::new().await;
    let first = f.provider.open_account("cmp_1", "HK").await;
    assert_eq!(f.provider.open_account("cmp_1", "HK").await, first);
    let Outcome::Succeeded(account) = first else { panic!("{first:?}") };
    let urls = f.request("x").return_urls;
    let link = f.provider.onboarding_link(&account, &urls).await.unwrap();
    assert!(link.ends_with(&format!("/connect/{account}")), "{link}");
    let refused = f.provider.onboarding_link("acct_nobody", &urls).await;
    assert!(matches!(refused, Err(ReadError::Refused(_))), "{refused:?}");
}

#[tokio::test]
async fn a_webhook_counts_only_for_the_account_it_names() {
    let f = Fixture::new().await;
    let event = |account: &str| {
        format!(
            r#"{{"id":"evt_1","type":"charge.refunded",{account}"data":{{"object":{{"id":"ch_1"}}}}}}"#
        )
    };
    let read = |endpoint: WebhookEndpoint<'_>, secret: &str, body: &str| {
        let mut headers = http::HeaderMap::new();
        let signature = sign(secret, f.clock.now().timestamp(), body);
        headers.insert("stripe-signature", signature.parse().unwrap());
        f.provider.webhook(endpoint, &headers, body.as_bytes())
    };
    let keys = own_keys();
    let (platform, own) = (WebhookEndpoint::Platform, WebhookEndpoint::Own(&keys));
    let named = event(r#""account":"acct_green","#);
    let told = read(platform, "whsec_platform", &named).unwrap();
    assert_eq!((told.kind, told.account.as_deref()), (EventKind::Refund, Some("acct_green")));
    let object = Object::Payment(PaymentObject::Attempt("ch_1".to_owned()));
    assert_eq!(told.object, Some(object));
    assert_eq!(read(own, "whsec_own", &named), Err(WebhookError::WrongAccount));
    let silent = read(own, "whsec_own", &event("")).unwrap();
    assert_eq!(silent.account.as_deref(), Some("acct_own"));
    assert_eq!(read(own, "whsec_platform", &event("")), Err(WebhookError::Mismatch));
    assert_eq!(read(platform, "whsec_platform", "[]"), Err(WebhookError::NotAnEvent));
}

fn sign(secret: &str, seconds: i64, body: &str) -> String {
    use hmac::Mac as _;
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{seconds}.{body}").as_bytes());
    format!("t={seconds},v1={}", hex::encode(mac.finalize().into_bytes()))
}

fn saving(fixture: &Fixture, reference: &str) -> SaveCardRequest {
    let CheckoutRequest { currency, return_urls, language, expires_at, .. } =
        fixture.request(reference);
    let key = IdempotencyKey::new(format!("save-{reference}")).unwrap();
    SaveCardRequest {
        key,
        reference: reference.to_owned(),
        currency,
        return_urls,
        language,
        expires_at,
    }
}

fn charging(reference: &str, card: SavedCard) -> ChargeSavedRequest {
    ChargeSavedRequest {
        key: IdempotencyKey::new(format!("charge-{reference}")).unwrap(),
        reference: reference.to_owned(),
        description: "物业费 2026年3月".to_owned(),
        amount: Fen(10_000),
        currency: Currency::CNY,
        card,
    }
}

impl Fixture {
    /// A card saved by pressing `button`.
    async fn saved(&self, reference: &str, button: &str) -> SavedCard {
        let request = saving(self, reference);
        let Outcome::Succeeded(page) = self.provider.save_card(&green(), &request).await else {
            panic!("no page")
        };
        let again = self.provider.save_card(&green(), &request).await;
        assert_eq!(again, Outcome::Succeeded(page.clone()));
        assert_eq!(self.provider.saved_card(&green(), &page.id).await, Outcome::Pending);
        self.peer.pay(&page.id, button).unwrap();
        let Outcome::Succeeded(card) = self.provider.saved_card(&green(), &page.id).await else {
            panic!("no card")
        };
        // Nothing is paid on such a page, whatever announces it.
        let page = Subject::Object(PaymentObject::Checkout(page.id));
        let Outcome::Failed(failure) = self.provider.query(&green(), &page).await.outcome else {
            panic!("paid")
        };
        assert_eq!(failure.kind, FailureKind::NotFound);
        card
    }
}

#[tokio::test]
async fn a_saved_card_is_charged_once_under_its_key() {
    let fixture = Fixture::new().await;
    let card = fixture.saved("spc_1", "card").await;
    let request = charging("pay_1", card);
    for fault in [None, Some(Fault::TimeoutAfterEffect), None] {
        if let Some(fault) = fault {
            fixture.peer.fault("POST /v1/payment_intents", fault, 1);
        }
        match fixture.provider.charge_saved(&green(), &request).await {
            Outcome::Succeeded(paid) => {
                assert_eq!((paid.amount, paid.method), (Fen(10_000), Some(MethodKind::Card)));
            }
            other => assert!(matches!(other, Outcome::Unknown { .. }), "{other:?}"),
        }
    }
    assert_eq!(fixture.peer.list("acct_green", Kind::Charge).len(), 1);
    let since = fixture.clock.now();
    let by_us = Subject::Reference { reference: "pay_1".to_owned(), since };
    let status = fixture.provider.query(&green(), &by_us).await;
    assert!(matches!(status.outcome, Outcome::Succeeded(_)), "{status:?}");
    // Another merchant's provider knows nothing of it.
    let elsewhere = fixture.provider.query(&Merchant::OwnKeys(own_keys()), &by_us).await;
    assert!(matches!(elsewhere.outcome, Outcome::Failed(_)), "{elsewhere:?}");
}

#[tokio::test]
async fn a_declined_saved_card_is_declined_whoever_asks() {
    let fixture = Fixture::new().await;
    let card = fixture.saved("spc_1", "decline").await;
    let declined = |outcome: &Outcome<_>| match outcome {
        Outcome::Failed(failure) => assert_eq!(failure.kind, FailureKind::Declined),
        other => panic!("{other:?}"),
    };
    declined(&fixture.provider.charge_saved(&green(), &charging("pay_1", card)).await);
    let since = fixture.clock.now();
    let by_us = Subject::Reference { reference: "pay_1".to_owned(), since };
    declined(&fixture.provider.query(&green(), &by_us).await.outcome);
    let intent = fixture.peer.list("acct_green", Kind::PaymentIntent)[0]["id"].clone();
    let intent = PaymentObject::Payment(intent.as_str().unwrap().to_owned());
    declined(&fixture.provider.query(&green(), &Subject::Object(intent)).await.outcome);
}
