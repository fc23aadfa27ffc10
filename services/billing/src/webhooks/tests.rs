//! Announcements through the real endpoint: in every order, repeated, forged, and of others.

use crate::stage::{Scene, scene};
use ::payments::{
    CheckoutRequest, IdempotencyKey, Language, Merchant, PaymentProvider as _, ReturnUrls,
};
use fake_stripe::{Forgery, Kind};
use money::{Currency, Fen};
use serde_json::json;
use testkit::run;

/// Every order of `items`.
fn orders(items: &[String]) -> Vec<Vec<String>> {
    if items.is_empty() {
        return vec![Vec::new()];
    }
    let each = (0..items.len()).flat_map(|i| {
        let mut rest = items.to_vec();
        let first = rest.remove(i);
        orders(&rest).into_iter().map(move |tail| [vec![first.clone()], tail].concat())
    });
    each.collect()
}

/// The five events of a payment that is made and partly refunded, none of them delivered.
async fn life(scene: &Scene, account: &str) -> Vec<String> {
    let stripe = &scene.stage.stripe;
    let before = stripe.list(account, Kind::Event).len();
    stripe.pay(&scene.page(account), "card").unwrap();
    let intent = stripe.list(account, Kind::PaymentIntent).last().unwrap()["id"].clone();
    scene.refund_past_us(account, intent.as_str().unwrap(), Fen(586)).await;
    let events = stripe.list(account, Kind::Event).split_off(before);
    let wanted = [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
        "charge.refunded",
    ];
    let of = |kind: &&str| {
        let event = events.iter().find(|event| event["type"] == **kind).unwrap();
        event["id"].as_str().unwrap().to_owned()
    };
    wanted.iter().map(of).collect()
}

#[test]
fn every_order_of_a_payments_announcements_with_repeats_ends_the_same() {
    run(async {
        let scene = scene().await;
        let account = scene.connect().await;
        scene.stage.stripe.pause(true);
        let numbers: Vec<String> = (0..5).map(|n| n.to_string()).collect();
        let orders = orders(&numbers);
        assert_eq!(orders.len(), 120);
        let mut payments = Vec::new();
        for (n, order) in orders.iter().enumerate() {
            let (debt, payment) = scene.begun(&format!("card-{n}"), 10_000).await;
            let events = life(&scene, &account).await;
            let at = |place: &String| events[place.parse::<usize>().unwrap()].clone();
            let mut posts: Vec<String> = order.iter().map(at).collect();
            // Each once more, backwards, and the first of them a third time.
            posts.extend(posts.clone().into_iter().rev());
            posts.push(posts[0].clone());
            let answers = scene.stage.stripe.deliver_in_order(&posts).await;
            assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
            payments.push((debt, payment));
        }
        assert_eq!(scene.acted_upon().await, 600);
        for (debt, payment) in payments {
            let seen = scene.payment(&payment).await;
            assert_eq!(seen["status"], "PARTLY_REFUNDED");
            assert_eq!(seen["refunded"]["amount"], "5.86");
            assert_eq!(seen["receipts"].as_array().unwrap().len(), 1);
            assert_eq!(seen["refunds"].as_array().unwrap().len(), 1);
            assert_eq!(scene.open_of(&debt.bill).await, 586);
        }
    });
}

#[test]
fn a_forged_announcement_has_no_effect() {
    run(async {
        let scene = scene().await;
        let account = scene.connect().await;
        scene.stage.stripe.pause(true);
        let (_, payment) = scene.begun("card-1", 10_000).await;
        let events = life(&scene, &account).await;
        for forgery in
            [Forgery::WrongSecret, Forgery::ChangedBody, Forgery::Aged(301), Forgery::Aged(-301)]
        {
            for event in &events {
                assert_eq!(scene.stage.stripe.forge(event, forgery).await, [400], "{forgery:?}");
            }
        }
        assert_eq!(scene.acted_upon().await, 0);
        assert_eq!(scene.payment(&payment).await["status"], "PENDING");
    });
}

#[test]
fn an_announcement_of_another_account_has_no_effect() {
    run(async {
        let scene = scene().await;
        scene.connect().await;
        let (debt, payment) = scene.begun("card-1", 10_000).await;
        // Another company of the platform claims to have been paid for it in its own account.
        let other = scene.stage.world.company();
        let admin = other.staff("CADM", None).await;
        let document = "mutation($input: ConnectStripeAccountInput!) { connectStripeAccount(input: $input) { merchantAccount { account } } }";
        let input = json!({"input": {"country": "HK", "returnUrl": "https://estate.example/x"}});
        let data = admin.send("billing", document, input).await.ok();
        let account = data["connectStripeAccount"]["merchantAccount"]["account"].as_str().unwrap();
        claim(&scene, account, &payment).await;
        // So does an account that is nobody's here.
        scene.stage.stripe.add_connected("acct_platform", "acct_nobody");
        claim(&scene, "acct_nobody", &payment).await;
        scene.stage.stripe.wait_idle().await;
        scene.acted_upon_in(other.tenant).await;
        assert_eq!(scene.acted_upon().await, 0);
        let seen = scene.payment(&payment).await;
        assert_eq!((&seen["status"], &seen["receipts"]), (&json!("PENDING"), &json!([])));
        assert_eq!(scene.open_of(&debt.bill).await, 10_000);
    });
}

/// Pays, in another account, a page that carries the reference of our payment.
async fn claim(scene: &Scene, account: &str, payment: &str) {
    let url = || "https://estate.example/x".to_owned();
    let request = CheckoutRequest {
        key: IdempotencyKey::new("claim-0001").unwrap(),
        reference: payment.to_owned(),
        description: "claim".to_owned(),
        amount: Fen(10_000),
        currency: Currency::CNY,
        methods: Vec::new(),
        return_urls: ReturnUrls { success: url(), cancel: url() },
        language: Language::English,
        expires_at: scene.stage.world.clock.now() + chrono::Duration::hours(1),
    };
    let merchant = Merchant::Connected { account: account.to_owned() };
    scene.provider().create_checkout(&merchant, &request).await;
    scene.stage.stripe.pay(&scene.page(account), "card").unwrap();
}
