//! A saved card is charged on the due day, once, within its limit, as long as its owner consents.

mod due;
mod killed;

use super::charge_job::AUTO_PAY;
use crate::{
    ids::SavedCardId,
    stage::{Debt, Scene, scene},
};
use fake_stripe::{Fault, Kind};
use serde_json::{Value, json};
use testkit::{Answer, Signed, eventually, run};

const FIELDS: &str = "fromPrepayment card { state limit { amount } consentVersion checkoutUrl } \
     tries { billId number day status amount { amount } }";
const CHARGING: &str = "POST /v1/payment_intents";
const DAY: i64 = 86_400;

async fn act(who: &Signed, name: &str, input: Value) -> Answer {
    let upper = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    let text = format!(
        "mutation($input: {upper}Input!) {{ {name}(input: $input) {{ autoPay {{ {FIELDS} }} }} }}"
    );
    who.send("billing", &text, json!({ "input": input })).await
}

fn wish(debt: &Debt, limit: &str) -> Value {
    json!({ "accountId": debt.account, "limit": limit, "consentVersion": 1,
        "returnUrl": "https://estate.example/me", "idempotencyKey": "save-card-1" })
}

async fn seen(scene: &Scene, debt: &Debt) -> Value {
    let text = format!("query($id: ID!) {{ autoPay(accountId: $id) {{ {FIELDS} }} }}");
    let data = scene.owner.send("billing", &text, json!({ "id": debt.account })).await.ok();
    data["autoPay"].clone()
}

async fn tried(scene: &Scene, debt: &Debt, tries: usize, status: &str) {
    eventually(&format!("{tries} tries, the last {status}"), || async {
        let seen = seen(scene, debt).await;
        let all = seen["tries"].as_array().unwrap();
        all.len() == tries && all[0]["status"] == status
    })
    .await;
}

/// As [`tried`] for at least so many, while days go by: when a look ends is not seen from outside.
async fn tried_in_time(scene: &Scene, debt: &Debt, tries: usize, status: &str) {
    eventually(&format!("in time {tries} tries, the last {status}"), || async {
        scene.later(DAY / 4);
        let seen = seen(scene, debt).await;
        let all = seen["tries"].as_array().unwrap();
        all.len() >= tries && all[0]["status"] == status
    })
    .await;
}

/// The owner saves a card (`card`, or `decline` for one that is declined later).
async fn saved(scene: &Scene, debt: &Debt, limit: &str, card: &str) -> String {
    let account = scene.connect().await;
    let opened = act(&scene.owner, "saveAutoPayCard", wish(debt, limit)).await.ok();
    let page = &opened["saveAutoPayCard"]["autoPay"]["card"];
    assert_eq!(page["state"], "OPENED");
    assert!(page["checkoutUrl"].as_str().unwrap().contains("/pay/"), "{page}");
    scene.stage.stripe.pay(&scene.page(&account), card).unwrap();
    // Once: what is charged then must not be old before it is seen.
    scene.later(20);
    eventually("the card is saved", || async {
        seen(scene, debt).await["card"]["state"] == "ACTIVE"
    })
    .await;
    account
}

/// The card of an account.
async fn card(scene: &Scene, debt: &Debt) -> SavedCardId {
    let scope = scene.stage.world.db("billing").read(scene.company.tenant).await.unwrap();
    let newest = super::repo::newest(&scope, debt.account.parse().unwrap()).await.unwrap();
    newest.unwrap().id
}

/// Waits until what is due has been looked at, and the next look is in the future.
async fn looked(scene: &Scene, card: SavedCardId) {
    let db = scene.stage.world.db("billing");
    eventually("the card has been looked at", || async {
        let scope = db.read(scene.company.tenant).await.unwrap();
        super::repo::next_look_at(&scope, card).await > Some(scope.now())
    })
    .await;
}

fn charges(scene: &Scene, account: &str) -> usize {
    let paid = |intent: &Value| intent["status"] == "succeeded";
    scene.stage.stripe.list(account, Kind::PaymentIntent).iter().filter(|it| paid(it)).count()
}

#[test]
fn a_due_bill_is_charged_once_and_receipted() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        let account = saved(&scene, &debt, "1000", "card").await;
        tried(&scene, &debt, 1, "SUCCEEDED").await;
        assert_eq!(scene.open_of(&debt.bill).await, 0);
        let now = seen(&scene, &debt).await;
        assert_eq!(now["tries"][0]["amount"]["amount"], "835.86");
        let receipts = "{ myPayments { nodes { till receipts { number } } } }";
        let paid = scene.owner.send("billing", receipts, json!({})).await.ok();
        let want =
            json!([{ "till": "ONLINE", "receipts": [{ "number": "FCH-SJ-202607-000001" }] }]);
        assert_eq!(paid["myPayments"]["nodes"], want);
        // The look that charges the next bill leaves this one alone.
        let next = scene.owes("card-2", 100).await;
        tried_in_time(&scene, &debt, 2, "SUCCEEDED").await;
        assert_eq!(scene.open_of(&next.bill).await, 0);
        assert_eq!(charges(&scene, &account), 2);
        // A repeat of the wish with its key opens nothing new.
        act(&scene.owner, "saveAutoPayCard", wish(&debt, "1000")).await.ok();
        assert_eq!(scene.stage.stripe.list(&account, Kind::CheckoutSession).len(), 1);
    });
}

#[test]
fn a_charge_without_an_answer_is_found_and_never_doubled() {
    run(async {
        for fault in [
            Fault::TimeoutAfterEffect,
            Fault::DropAfterEffect,
            Fault::TimeoutBeforeEffect,
            Fault::ServerError,
        ] {
            let scene = scene().await;
            let debt = scene.owes("card-1", 83_586).await;
            scene.stage.stripe.fault(CHARGING, fault.clone(), 1);
            // From the start: an announcement may come before the doubt is seen.
            scene.stage.stripe.pause(true);
            let account = saved(&scene, &debt, "1000", "card").await;
            tried(&scene, &debt, 1, "UNKNOWN").await;
            scene.later(20);
            tried(&scene, &debt, 1, "SUCCEEDED").await;
            assert_eq!(charges(&scene, &account), 1, "{fault:?}");
            assert_eq!(scene.open_of(&debt.bill).await, 0);
        }
    });
}

#[test]
fn a_declined_card_is_tried_on_two_later_days_and_no_more() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        let account = saved(&scene, &debt, "1000", "decline").await;
        tried_in_time(&scene, &debt, 3, "FAILED").await;
        // The look that tries the next bill leaves this one alone.
        let next = scene.owes("card-2", 100).await;
        tried_in_time(&scene, &debt, 4, "FAILED").await;
        let all = seen(&scene, &debt).await;
        let of_bill = |bill: &str| {
            let all = all["tries"].as_array().unwrap().iter();
            all.filter(|it| it["billId"] == bill).count()
        };
        assert_eq!((of_bill(&debt.bill), of_bill(&next.bill) > 0), (3, true));
        assert_eq!((charges(&scene, &account), scene.open_of(&debt.bill).await), (0, 83_586));
    });
}

#[test]
fn nothing_above_the_limit_and_nothing_after_the_consent_is_taken_back() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        let account = saved(&scene, &debt, "835.85", "card").await;
        let small = scene.owes("card-2", 100).await;
        tried_in_time(&scene, &debt, 1, "SUCCEEDED").await;
        assert_eq!(
            (scene.open_of(&debt.bill).await, scene.open_of(&small.bill).await),
            (83_586, 0)
        );
        let input = json!({ "accountId": debt.account });
        for _ in 0..2 {
            let gone = act(&scene.owner, "revokeAutoPayCard", input.clone()).await.ok();
            assert_eq!(gone["revokeAutoPayCard"]["autoPay"]["card"]["state"], "REVOKED");
        }
        let later = scene.owes("card-3", 100).await;
        for _ in 0..2 {
            scene.later(DAY);
            scene.acted_upon().await;
        }
        assert_eq!((charges(&scene, &account), scene.open_of(&later.bill).await), (1, 100));
    });
}

#[test]
fn a_consent_is_the_payers_to_the_present_words_and_back_to_us() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        let none = act(&scene.owner, "saveAutoPayCard", wish(&debt, "1000")).await;
        assert_eq!(none.code(), "CONFLICT");
        scene.connect().await;
        for (field, wrong) in [
            ("consentVersion", json!(2)),
            ("limit", json!("0")),
            ("returnUrl", json!("https://evil.example")),
        ] {
            let mut input = wish(&debt, "1000");
            input[field] = wrong;
            let refused = act(&scene.owner, "saveAutoPayCard", input).await;
            assert_eq!((refused.code(), refused.field()), ("INVALID", field));
        }
        let neighbour = scene.company.resident(scene.stage.world.clock.uuid()).await;
        let hidden = act(&neighbour, "saveAutoPayCard", wish(&debt, "1000")).await;
        assert_eq!(hidden.code(), "NOT_FOUND");
        let refused = act(&scene.finance, "saveAutoPayCard", wish(&debt, "1000")).await;
        assert_eq!(refused.code(), "FORBIDDEN");
        let words = "{ autoPayConsent { version wordsEn } }";
        let words = scene.owner.send("billing", words, json!({})).await.ok();
        assert_eq!(words["autoPayConsent"]["version"], 1);
    });
}

#[test]
fn prepayment_stays_where_its_owner_wants_it() {
    run(async {
        let stage = crate::testing::Stage::new().await;
        let (unit, ..) = stage.scenario_1().await;
        stage.property_fee().await;
        stage.run("2026-06").await;
        let bills = stage.bills(unit).await;
        let bill = bills.iter().find(|bill| bill["account"]["name"] == "王*").unwrap();
        let account = bill["account"]["id"].as_str().unwrap();
        stage.prepay(account, 30_000).await;
        let desk = stage.company.staff("DESK", stage.estate).await;
        let input = json!({ "accountId": account, "enabled": false });
        let set = act(&desk, "setAutoPayFromPrepayment", input).await.ok();
        assert_eq!(set["setAutoPayFromPrepayment"]["autoPay"]["fromPrepayment"], false);
        stage.run("2026-07").await;
        assert_eq!(stage.bill_from(unit, "2026-07").await["settled"]["amount"], "0.00");
        let input = json!({ "accountId": account, "enabled": true });
        act(&desk, "setAutoPayFromPrepayment", input).await.ok();
        let query = format!("billingAccount(id: \"{account}\") {{ prepayment {{ amount }} }}");
        let text = format!("{{ {query} }}");
        let seen = stage.finance.send("billing", &text, json!({})).await.ok();
        assert_eq!(seen["billingAccount"]["prepayment"]["amount"], "300.00");
    });
}

#[test]
fn each_try_that_fails_is_told_by_mail_with_what_happens_next() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        let input =
            json!({ "accountId": debt.account, "address": "wang@example.com", "language": "EN" });
        let text = "mutation($input: SetReceiptMailInput!) { setReceiptMail(input: $input) { receiptMail { wanted } } }";
        scene.owner.send("billing", text, json!({ "input": input })).await.ok();
        saved(&scene, &debt, "1000", "decline").await;
        tried_in_time(&scene, &debt, 3, "FAILED").await;
        // Each once: a worker that loses its lease to time that jumps sends under the same id again.
        let told = || {
            let mut mails: Vec<(String, String, String)> = Vec::new();
            for mail in scene.stage.mail.arrived() {
                let id = mail.header("Message-ID").to_owned();
                if mails.iter().all(|(known, ..)| *known != id) {
                    mails.push((id, mail.to.clone(), mail.parts()[0].clone()));
                }
            }
            mails
        };
        eventually("three mails arrive", || async {
            scene.later(10);
            told().len() == 3
        })
        .await;
        let tries = seen(&scene, &debt).await["tries"].as_array().unwrap().clone();
        assert_eq!(tries.len(), 3);
        let mails = told();
        for attempt in &tries {
            let day: chrono::NaiveDate = attempt["day"].as_str().unwrap().parse().unwrap();
            let next = if attempt["number"] == 3 {
                "We will not try again. Please pay the bill in another way.".to_owned()
            } else {
                let next = day.succ_opt().unwrap();
                format!(
                    "We will try again on {next}. You can also pay the bill yourself before that."
                )
            };
            let want = format!(
                "Automatic payment failed\n\nBill: 账单 2026-07 / Bill 2026-07\nAmount: 835.86 CNY\n\
                 Day: {day}\nWhat happens next: {next}\n\n--\nYou get this mail because the receipts of \
                 枫林花园 go to this address. You can stop them in the app at any time.\n"
            );
            let found: Vec<_> = mails.iter().filter(|(_, _, text)| *text == want).collect();
            assert_eq!(found.len(), 1, "{want}\n{mails:#?}");
            assert_eq!(found[0].1, "RCPT TO:<wang@example.com>");
        }
    });
}

#[test]
fn without_an_address_nobody_is_told() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("card-1", 83_586).await;
        saved(&scene, &debt, "1000", "decline").await;
        tried_in_time(&scene, &debt, 3, "FAILED").await;
        let input =
            json!({ "accountId": debt.account, "address": "wang@example.com", "language": "EN" });
        let text = "mutation($input: SetReceiptMailInput!) { setReceiptMail(input: $input) { receiptMail { wanted } } }";
        scene.owner.send("billing", text, json!({ "input": input })).await.ok();
        // What arrives first is the receipt of a payment of later, not what failed before.
        scene.take(&scene.desk, &debt.account, "835.86", "key-0001").await.ok();
        eventually("the receipt arrives", || async {
            scene.later(10);
            !scene.stage.mail.arrived().is_empty()
        })
        .await;
        for mail in scene.stage.mail.arrived() {
            assert!(mail.parts()[0].starts_with("Receipt\n"), "{mail:?}");
        }
    });
}
