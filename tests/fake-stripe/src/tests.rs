//! The peer through its front door, the API with the real async-stripe client.

use crate::{Endpoint, FakeStripe, Fault, Forgery, Kind, WebhookFaults};
use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use clock::Clock;
use parking_lot::Mutex;
use serde_json::Value;
use std::{collections::HashMap, sync::Arc, time::Duration};
use stripe::{
    Client, ClientBuilder, IdempotencyKey, RequestStrategy, StripeError, StripeRequest as _,
};
use stripe_checkout::checkout_session as checkout;
use stripe_core::{balance_transaction, charge, customer, dispute, payment_intent, payout, refund};
use stripe_types::Currency;

const KEY: &str = "sk_test_platform";
const SECRET: &str = "whsec_test";

/// A peer on a port of its own, and a receiver that remembers what it was sent.
struct Fixture {
    stripe: FakeStripe,
    url: String,
    inbox: Inbox,
}

type Inbox = Arc<Mutex<Vec<(String, String)>>>;

async fn take(State(inbox): State<Inbox>, headers: HeaderMap, body: Bytes) {
    let signature = headers["stripe-signature"].to_str().unwrap().to_owned();
    inbox.lock().push((signature, String::from_utf8(body.to_vec()).unwrap()));
}

async fn listen(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

impl Fixture {
    async fn new() -> Self {
        let clock = Clock::fixed("2026-03-01T00:00:00Z".parse().unwrap());
        let inbox = Inbox::default();
        let hook = listen(Router::new().route("/hook", post(take)).with_state(inbox.clone())).await;
        let mut builder = FakeStripe::builder(clock).key(KEY, "acct_platform").control();
        builder = builder.key("sk_test_other", "acct_other").back_off(Duration::from_millis(5));
        for connect in [false, true] {
            let (account, secret) = ("acct_platform".to_owned(), SECRET.to_owned());
            builder = builder.endpoint(Endpoint {
                account,
                url: format!("{hook}/hook"),
                secret,
                connect,
            });
        }
        let stripe = builder.start().unwrap();
        let url = listen(stripe.router()).await;
        stripe.set_base_url(&url);
        Self { stripe, url, inbox }
    }

    fn client(&self) -> Client {
        self.client_of(KEY)
    }

    fn client_of(&self, key: &str) -> Client {
        let timeout = Duration::from_millis(500);
        client_of(key).url(format!("{}/", self.url)).timeout(timeout).build().unwrap()
    }

    async fn paid(&self) -> Box<stripe_shared::PaymentIntent> {
        let client = self.client();
        let created = Box::pin(create(10_000).send(&client)).await.unwrap();
        let confirm = payment_intent::ConfirmPaymentIntent::new(created.id);
        let confirm = confirm.payment_method("pm_card_visa");
        Box::new(Box::pin(confirm.send(&client)).await.unwrap())
    }

    fn received(&self) -> Vec<String> {
        let types = |(_, body): &(String, String)| {
            let event: Value = serde_json::from_str(body).unwrap();
            event["type"].as_str().unwrap().to_owned()
        };
        self.inbox.lock().iter().map(types).collect()
    }

    fn events(&self) -> Vec<String> {
        let events = self.stripe.list("acct_platform", Kind::Event);
        events.iter().map(|e| e["id"].as_str().unwrap().to_owned()).collect()
    }
}

fn create(amount: i64) -> payment_intent::CreatePaymentIntent {
    payment_intent::CreatePaymentIntent::new(amount, Currency::CNY)
}

fn code(error: &StripeError) -> (u16, String) {
    match error {
        StripeError::Stripe(error, status) => {
            (*status, error.code.as_ref().map(ToString::to_string).unwrap_or_default())
        }
        other => panic!("not an answer of the peer: {other}"),
    }
}

#[tokio::test]
async fn a_customer_keeps_a_chinese_name() {
    let f = Fixture::new().await;
    let made = customer::CreateCustomer::new()
        .name("张伟")
        .metadata(HashMap::from([("unit".to_owned(), "3栋201".to_owned())]))
        .send(&f.client())
        .await
        .unwrap();
    let read = customer::RetrieveCustomer::new(made.id).send(&f.client()).await.unwrap();
    let customer::RetrieveCustomerReturned::Customer(read) = read else { panic!("deleted") };
    assert_eq!(read.name.as_deref(), Some("张伟"));
    assert_eq!(read.metadata.unwrap()["unit"], "3栋201");
}

#[tokio::test]
async fn a_payment_is_confirmed_read_and_its_fee_listed() {
    let f = Fixture::new().await;
    let paid = f.paid().await;
    let read = payment_intent::RetrievePaymentIntent::new(paid.id.clone())
        .expand(vec!["latest_charge.balance_transaction".to_owned()])
        .send(&f.client())
        .await
        .unwrap();
    assert_eq!(read.amount_received, 10_000);
    let charge = read.latest_charge.unwrap().into_object().unwrap();
    let movement = charge.balance_transaction.unwrap().into_object().unwrap();
    assert_eq!((movement.fee, movement.net), (320, 9680));
    let list = balance_transaction::ListBalanceTransaction::new()
        .source(charge.id.as_str())
        .send(&f.client())
        .await
        .unwrap();
    assert_eq!(list.data.len(), 1);
    let charges = charge::ListCharge::new().payment_intent(paid.id.as_str());
    assert_eq!(charges.send(&f.client()).await.unwrap().data.len(), 1);
}

#[tokio::test]
async fn a_decline_is_a_402_that_parses_and_the_next_card_pays() {
    let f = Fixture::new().await;
    let client = f.client();
    let intent = create(100).send(&client).await.unwrap();
    let confirm = |method: &str| {
        payment_intent::ConfirmPaymentIntent::new(intent.id.clone()).payment_method(method)
    };
    let refused = confirm("pm_card_chargeDeclined").send(&client).await.unwrap_err();
    assert_eq!(code(&refused), (402, "card_declined".to_owned()));
    f.stripe.fault("", Fault::Decline { decline_code: "insufficient_funds".to_owned() }, 1);
    let refused = confirm("pm_card_visa").send(&client).await.unwrap_err();
    assert_eq!(code(&refused).0, 402);
    assert_eq!(confirm("pm_card_visa").send(&client).await.unwrap().amount_received, 100);
    let again = confirm("pm_card_visa").send(&client).await.unwrap_err();
    assert_eq!(code(&again), (400, "payment_intent_unexpected_state".to_owned()));
}

#[tokio::test]
async fn refunds_never_exceed_what_was_taken() {
    let f = Fixture::new().await;
    let client = f.client();
    let paid = f.paid().await;
    let give =
        |amount: i64| refund::CreateRefund::new().payment_intent(paid.id.as_str()).amount(amount);
    assert_eq!(give(4_000).send(&client).await.unwrap().amount, 4_000);
    assert_eq!(code(&give(6_001).send(&client).await.unwrap_err()).0, 400);
    assert_eq!(give(6_000).send(&client).await.unwrap().amount, 6_000);
    let over = give(1).send(&client).await.unwrap_err();
    assert_eq!(code(&over), (400, "charge_already_refunded".to_owned()));
}

#[tokio::test]
async fn a_checkout_session_is_paid_on_its_page() {
    let f = Fixture::new().await;
    let session = open_session(&f.client(), "cs1").await.unwrap();
    let page = session.url.clone().unwrap();
    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let browser = browser.build().unwrap();
    let shown = browser.get(&page).send().await.unwrap().text().await.unwrap();
    assert!(
        shown.contains("支付宝") && shown.contains("CNY 123.45") && shown.contains("&lt;3栋&gt;")
    );
    assert!(!shown.contains("微信支付"), "a method that was not asked for is not offered");
    let press = |what: &'static str| browser.post(&page).form(&[("action", what)]).send();
    assert_eq!(press("wechat_pay").await.unwrap().status(), 402);
    assert_eq!(press("decline").await.unwrap().status(), 402);
    let done = press("alipay").await.unwrap();
    let back = format!("http://app/done?s={}", session.id.as_str());
    assert_eq!(done.headers()["location"].to_str().unwrap(), back);
    assert_eq!(press("alipay").await.unwrap().status(), 303, "a second press pays nothing");
    let read = checkout::RetrieveCheckoutSession::new(session.id)
        .expand(vec!["payment_intent".to_owned()])
        .send(&f.client())
        .await
        .unwrap();
    let intent = read.payment_intent.unwrap().into_object().unwrap();
    assert_eq!((intent.amount_received, &*intent.metadata["ref"]), (12_345, "cs1"));
    assert_eq!(f.stripe.list("acct_platform", Kind::Charge).len(), 2, "one declined, one paid");
}

async fn open_session(
    client: &Client,
    reference: &str,
) -> Result<stripe_shared::CheckoutSession, StripeError> {
    use checkout::{
        CreateCheckoutSession, CreateCheckoutSessionAllowedPaymentMethodTypes as Method,
        CreateCheckoutSessionLineItems, CreateCheckoutSessionLineItemsPriceData,
        CreateCheckoutSessionPaymentIntentData, ProductData,
    };
    let mut price = CreateCheckoutSessionLineItemsPriceData::new(Currency::CNY);
    price.unit_amount = Some(12_345);
    price.product_data = Some(ProductData::new("物业费 <3栋>"));
    let mut line = CreateCheckoutSessionLineItems::new();
    line.price_data = Some(price);
    line.quantity = Some(1);
    let mut payment = CreateCheckoutSessionPaymentIntentData::new();
    payment.metadata = Some(HashMap::from([("ref".to_owned(), reference.to_owned())]));
    CreateCheckoutSession::new()
        .mode(stripe_shared::CheckoutSessionMode::Payment)
        .client_reference_id(reference)
        .line_items(vec![line])
        .payment_intent_data(payment)
        .allowed_payment_method_types(vec![Method::Card, Method::Alipay])
        .success_url("http://app/done?s={CHECKOUT_SESSION_ID}")
        .cancel_url("http://app/cancel")
        .send(client)
        .await
}

#[tokio::test]
async fn the_same_key_replays_and_other_input_is_refused() {
    let f = Fixture::new().await;
    let client = f.client();
    let with_key = |amount: i64| {
        let key = IdempotencyKey::new("pay-1").unwrap();
        create(amount).customize().request_strategy(RequestStrategy::Idempotent(key)).send(&client)
    };
    let (first, second) = (with_key(100).await.unwrap(), with_key(100).await.unwrap());
    assert_eq!(first.id, second.id);
    assert_eq!(code(&with_key(101).await.unwrap_err()).0, 400);
    let other = f.client_of("sk_test_other");
    let key = IdempotencyKey::new("pay-1").unwrap();
    let theirs = create(100).customize().request_strategy(RequestStrategy::Idempotent(key));
    assert_ne!(theirs.send(&other).await.unwrap().id, first.id, "keys belong to one account");
}

#[tokio::test]
async fn a_key_in_use_is_a_409_and_a_saved_500_stays() {
    let f = Fixture::new().await;
    let client = f.client();
    let send = |key: &str| {
        let key = RequestStrategy::Idempotent(IdempotencyKey::new(key).unwrap());
        create(100).customize().request_strategy(key).send(&client)
    };
    f.stripe.fault("POST /v1/payment_intents", Fault::Hold, 1);
    let (first, second) = tokio::join!(send("k"), async {
        f.stripe.wait_held().await;
        let answer = send("k").await;
        f.stripe.release_held();
        answer
    });
    assert_eq!(code(&second.unwrap_err()), (409, "idempotency_key_in_use".to_owned()));
    assert_eq!(send("k").await.unwrap().id, first.unwrap().id);

    f.stripe.fault("POST", Fault::SavedServerError, 1);
    assert_eq!(code(&send("saved").await.unwrap_err()).0, 500);
    assert_eq!(code(&send("saved").await.unwrap_err()).0, 500);
    f.stripe.fault("POST", Fault::ServerError, 1);
    assert_eq!(code(&send("once").await.unwrap_err()).0, 500);
    send("once").await.unwrap();
}

#[tokio::test]
async fn a_timeout_or_a_broken_answer_after_charging_leaves_the_effect_once() {
    let f = Fixture::new().await;
    let client = f.client();
    for (key, fault) in [("a", Fault::TimeoutAfterEffect), ("b", Fault::DropAfterEffect)] {
        let before = f.stripe.list("acct_platform", Kind::PaymentIntent).len();
        let send = || {
            let key = RequestStrategy::Idempotent(IdempotencyKey::new(key).unwrap());
            create(100).customize().request_strategy(key).send(&client)
        };
        f.stripe.fault("POST /v1/payment_intents", fault, 1);
        assert!(!matches!(send().await.unwrap_err(), StripeError::Stripe(..)));
        send().await.unwrap();
        assert_eq!(f.stripe.list("acct_platform", Kind::PaymentIntent).len(), before + 1);
    }
}

#[tokio::test]
async fn accounts_do_not_see_each_other() {
    let f = Fixture::new().await;
    f.stripe.add_connected("acct_platform", "acct_green");
    let client = f.client();
    let green = || stripe::AccountId::from("acct_green");
    let made = create(100).customize().account_id(green()).send(&client).await.unwrap();
    let read = || payment_intent::RetrievePaymentIntent::new(made.id.clone());
    read().customize().account_id(green()).send(&client).await.unwrap();
    let hidden = read().send(&client).await.unwrap_err();
    assert_eq!(code(&hidden), (404, "resource_missing".to_owned()));
    let stranger = f.client_of("sk_test_other");
    let refused = read().customize().account_id(green()).send(&stranger).await.unwrap_err();
    assert_eq!(code(&refused).0, 403);
    assert_eq!(code(&read().send(&f.client_of("sk_wrong")).await.unwrap_err()).0, 401);
    f.stripe.wait_idle().await;
    let (_, body) = f.inbox.lock()[0].clone();
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap()["account"], "acct_green");
}

#[tokio::test]
async fn webhooks_carry_a_signature_that_verifies() {
    let f = Fixture::new().await;
    f.paid().await;
    f.stripe.wait_idle().await;
    let mut received = f.received();
    received.sort();
    assert_eq!(
        received,
        ["charge.succeeded", "payment_intent.created", "payment_intent.succeeded"]
    );
    for (signature, body) in f.inbox.lock().iter() {
        let now = f.stripe.clock().now().timestamp();
        assert_eq!(*signature, crate::webhooks::sign(SECRET, now, body));
    }
    let event = f.events().pop().unwrap();
    f.inbox.lock().clear();
    assert_eq!(f.stripe.forge(&event, Forgery::WrongSecret).await, [200]);
    let (signature, body) = f.inbox.lock()[0].clone();
    let now = f.stripe.clock().now().timestamp();
    assert_ne!(signature, crate::webhooks::sign(SECRET, now, &body));
}

#[tokio::test]
async fn paused_webhooks_are_delivered_in_the_order_chosen() {
    let f = Fixture::new().await;
    f.stripe.pause(true);
    f.paid().await;
    let mut order = f.events();
    order.reverse();
    order.push(order[0].clone());
    assert_eq!(f.stripe.deliver_in_order(&order).await, [200; 4]);
    let expected = ["charge.succeeded", "payment_intent.created"].map(str::to_owned);
    assert_eq!(f.received()[1..3], expected);
    assert_eq!(f.received()[0], f.received()[3]);
    f.stripe.pause(false);
    f.stripe.wait_idle().await;
    assert_eq!(f.received().len(), 4, "nothing is left in the queue");
}

#[tokio::test]
async fn a_bad_journey_still_brings_every_event() {
    let f = Fixture::new().await;
    f.stripe.webhook_faults(Some(WebhookFaults {
        seed: 7,
        copies: 3,
        window: Duration::from_millis(20),
        lost_once_percent: 50,
    }));
    f.paid().await;
    f.paid().await;
    f.stripe.wait_idle().await;
    let bodies: std::collections::HashSet<String> =
        f.inbox.lock().iter().map(|(_, body)| body.clone()).collect();
    assert_eq!(bodies.len(), 6);
    assert!(f.inbox.lock().len() > 6, "seed 7 sends some event twice");
}

#[tokio::test]
async fn a_payout_carries_charges_refunds_and_disputes() {
    let f = Fixture::new().await;
    let client = f.client();
    let (a, b) = (f.paid().await, f.paid().await);
    let refund = refund::CreateRefund::new().payment_intent(a.id.as_str()).amount(1_000);
    refund.send(&client).await.unwrap();
    let opened = f.stripe.open_dispute(b.id.as_str()).unwrap();
    let id = opened["id"].as_str().unwrap();
    dispute::RetrieveDispute::new(id).send(&client).await.unwrap();
    f.stripe.close_dispute(id, true).unwrap();
    let made = f.stripe.pay_out("acct_platform", "cny").unwrap();
    let read =
        payout::RetrievePayout::new(made["id"].as_str().unwrap()).send(&client).await.unwrap();
    assert_eq!(read.amount, 2 * 9_680 - 1_000 - 1_500);
    let lines = balance_transaction::ListBalanceTransaction::new().payout(read.id.as_str());
    let lines = lines.limit(100).send(&client).await.unwrap();
    assert_eq!(
        lines.data.iter().map(|l| l.net).sum::<i64>(),
        0,
        "the payout itself is the last line"
    );
    assert!(f.stripe.pay_out("acct_platform", "cny").is_err());
}

#[tokio::test]
async fn lists_page_through_everything_once() {
    let f = Fixture::new().await;
    let client = f.client();
    for amount in 1..=5 {
        create(amount).send(&client).await.unwrap();
    }
    let mut seen = Vec::new();
    let mut list = payment_intent::ListPaymentIntent::new().limit(2).send(&client).await.unwrap();
    loop {
        seen.extend(list.data.iter().map(|i| i.amount));
        let Some(last) = list.data.last().filter(|_| list.has_more) else { break };
        let next =
            payment_intent::ListPaymentIntent::new().limit(2).starting_after(last.id.as_str());
        list = next.send(&client).await.unwrap();
    }
    assert_eq!(seen, [5, 4, 3, 2, 1]);
}

#[tokio::test]
async fn the_state_survives_in_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stripe.json");
    let clock = Clock::system();
    let start = || {
        let builder = FakeStripe::builder(clock.clone()).key(KEY, "acct_platform");
        builder.file(file.clone()).start().unwrap()
    };
    let first = start();
    let url = listen(first.router()).await;
    let client = client_of(KEY).url(format!("{url}/")).build().unwrap();
    let made = create(100).send(&client).await.unwrap();
    crate::persist::save(&file, &first.lock()).unwrap();
    let kept = start().list("acct_platform", Kind::PaymentIntent);
    assert_eq!(kept[0]["id"], made.id.as_str());
}

#[tokio::test]
async fn the_control_api_steers_over_http() {
    let f = Fixture::new().await;
    let http = service_http::client(Duration::from_secs(5));
    let control = |command: &str, fields: Value| {
        http.post(format!("{}/_control/{command}", f.url)).json(&fields).send()
    };
    let rule = serde_json::json!({"on": "POST", "fault": {"kind": "server_error"}});
    assert_eq!(control("fault", rule).await.unwrap().status(), 200);
    assert_eq!(code(&create(1).send(&f.client()).await.unwrap_err()).0, 500);
    create(1).send(&f.client()).await.unwrap();
    assert_eq!(control("wait_idle", serde_json::json!({})).await.unwrap().status(), 200);
    assert_eq!(control("nonsense", serde_json::json!({})).await.unwrap().status(), 400);
    let list = http.get(format!("{}/_control/objects/acct_platform/payment_intent", f.url));
    let list: Vec<Value> = list.send().await.unwrap().json().await.unwrap();
    assert_eq!(list.len(), 1);
}

#[tokio::test]
async fn onboarding_opens_the_account() {
    let f = Fixture::new().await;
    let http = service_http::client(Duration::from_secs(5));
    let post = |path: &str, form: &[(&str, &str)]| {
        http.post(format!("{}{path}", f.url)).bearer_auth(KEY).form(form).send()
    };
    let account: Value =
        post("/v1/accounts", &[("type", "standard")]).await.unwrap().json().await.unwrap();
    assert_eq!(account["charges_enabled"], false);
    let id = account["id"].as_str().unwrap();
    let back = format!("{}/_control/pause", f.url);
    let form = [
        ("account", id),
        ("return_url", &*back),
        ("refresh_url", "http://app/again"),
        ("type", "account_onboarding"),
    ];
    let link: Value = post("/v1/account_links", &form).await.unwrap().json().await.unwrap();
    let page = link["url"].as_str().unwrap();
    assert_eq!(http.get(page).send().await.unwrap().status(), 200);
    http.post(page).send().await.unwrap();
    assert_eq!(f.stripe.list("acct_platform", Kind::Account)[0]["charges_enabled"], true);
    f.stripe.wait_idle().await;
    assert_eq!(f.received(), ["account.updated"]);
}

/// Two TLS providers are linked into the workspace; whoever builds the client first chooses.
fn client_of(key: &str) -> ClientBuilder {
    let _ = rustls::crypto::ring::default_provider().install_default();
    ClientBuilder::new(key)
}
