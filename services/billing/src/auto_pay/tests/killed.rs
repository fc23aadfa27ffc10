//! A worker that dies between the steps of a charge: whoever takes its work over charges once. Each
//! step is taken here as the worker takes it, and nothing after it.

use super::{DAY, card, charges, looked, saved, seen, tried};
use crate::{
    auto_pay::charge::begin,
    estates::{self, Estate},
    ids::{PaymentId, SavedCardId},
    payments::Payments,
    stage::{Debt, Scene, scene},
};
use db::TenantScope;
use serde_json::json;
use testkit::{eventually, run};

/// A card that has been looked at, and a debt of after that look.
async fn due(how: &str) -> (Scene, Debt, SavedCardId, String) {
    let scene = scene().await;
    let first = scene.owes("card-0", 100).await;
    scene.take(&scene.desk, &first.account, "1", "key-0001").await.ok();
    let account = saved(&scene, &first, "1000", how).await;
    let card = card(&scene, &first).await;
    looked(&scene, card).await;
    let debt = scene.owes("card-1", 83_586).await;
    (scene, debt, card, account)
}

/// The worker writes what it is about to do.
async fn begun(scene: &Scene, debt: &Debt, card: SavedCardId) -> (TenantScope, PaymentId) {
    let scope = scene.stage.world.db("billing").write(scene.company.tenant).await.unwrap();
    let estate: Estate = estates::find(&scope, scene.estate).await.unwrap().unwrap();
    let today = estate.today(scope.clock());
    let bill = debt.bill.parse().unwrap();
    let payment = begin(&scope, &estate, card, bill, today).await.unwrap();
    (scope, payment.expect("the bill is to be charged"))
}

/// The worker asks the provider and dies before it has noted the answer.
async fn charged(scene: &Scene, payment: PaymentId) {
    let channel = scene.channel();
    let scope = channel.db.read(scene.company.tenant).await.unwrap();
    let payment = Payments(&scope).find(payment).await.unwrap().unwrap();
    drop(scope);
    let online = payment.online.clone().unwrap();
    let merchant = channel.merchant(scene.company.tenant, online.merchant).await.unwrap();
    let request = payment.charge_request(online.page.saved.as_ref().unwrap()).unwrap();
    channel.provider.charge_saved(&merchant, &request).await;
}

/// Others take the work over: the follow-up of the payment, and the looks of the next days.
async fn taken_over(scene: &Scene, debt: &Debt, card: SavedCardId) {
    scene.later(20);
    tried(scene, debt, 1, "SUCCEEDED").await;
    two_more_days(scene, card).await;
}

async fn two_more_days(scene: &Scene, card: SavedCardId) {
    for _ in 0..2 {
        scene.later(DAY);
        looked(scene, card).await;
    }
}

/// Charged once, posted once, receipted once.
async fn once(scene: &Scene, debt: &Debt, account: &str) {
    assert_eq!((charges(scene, account), scene.open_of(&debt.bill).await), (1, 0));
    let all = seen(scene, debt).await["tries"].clone();
    assert_eq!(all.as_array().unwrap().len(), 1, "{all}");
    let text = "{ myPayments { nodes { till amount { amount } receipts { number } } } }";
    let paid = scene.owner.send("billing", text, json!({})).await.ok();
    let online = paid["myPayments"]["nodes"].as_array().unwrap().iter();
    let online: Vec<_> = online.filter(|payment| payment["till"] == "ONLINE").collect();
    assert_eq!(online.len(), 1, "{paid}");
    assert_eq!(online[0]["amount"]["amount"], "835.86");
    assert_eq!(online[0]["receipts"].as_array().unwrap().len(), 1);
}

#[test]
fn before_it_is_written_nothing_has_happened() {
    run(async {
        let (scene, debt, card, account) = due("card").await;
        let (scope, _) = begun(&scene, &debt, card).await;
        drop(scope);
        assert_eq!(seen(&scene, &debt).await["tries"], json!([]));
        scene.later(DAY);
        tried(&scene, &debt, 1, "SUCCEEDED").await;
        two_more_days(&scene, card).await;
        once(&scene, &debt, &account).await;
    });
}

#[test]
fn after_it_is_written_the_follow_up_charges() {
    run(async {
        let (scene, debt, card, account) = due("card").await;
        let (scope, _) = begun(&scene, &debt, card).await;
        scope.commit().await.unwrap();
        assert_eq!(charges(&scene, &account), 0);
        taken_over(&scene, &debt, card).await;
        once(&scene, &debt, &account).await;
    });
}

#[test]
fn after_the_provider_charged_the_follow_up_finds_it() {
    run(async {
        let (scene, debt, card, account) = due("card").await;
        scene.stage.stripe.pause(true);
        let (scope, payment) = begun(&scene, &debt, card).await;
        scope.commit().await.unwrap();
        charged(&scene, payment).await;
        assert_eq!((charges(&scene, &account), scene.open_of(&debt.bill).await), (1, 83_586));
        taken_over(&scene, &debt, card).await;
        once(&scene, &debt, &account).await;
        // What is announced in the end brings nothing new.
        scene.stage.stripe.pause(false);
        scene.stage.stripe.wait_idle().await;
        scene.acted_upon().await;
        once(&scene, &debt, &account).await;
    });
}

#[test]
fn after_the_card_was_declined_its_owner_is_told_once() {
    run(async {
        let (scene, debt, card, account) = due("decline").await;
        let input =
            json!({ "accountId": debt.account, "address": "wang@example.com", "language": "EN" });
        let text = "mutation($input: SetReceiptMailInput!) { setReceiptMail(input: $input) { receiptMail { wanted } } }";
        scene.owner.send("billing", text, json!({ "input": input })).await.ok();
        scene.stage.stripe.pause(true);
        let (scope, payment) = begun(&scene, &debt, card).await;
        scope.commit().await.unwrap();
        charged(&scene, payment).await;
        scene.later(20);
        tried(&scene, &debt, 1, "FAILED").await;
        let subject = payment.to_string();
        let told = || {
            let all = scene.stage.mail.arrived();
            let ids = all.iter().filter(|mail| mail.header("Message-ID").contains(&subject));
            ids.count()
        };
        eventually("the owner is told", || async { told() > 0 }).await;
        scene.stage.stripe.pause(false);
        scene.stage.stripe.wait_idle().await;
        scene.acted_upon().await;
        assert_eq!((told(), charges(&scene, &account)), (1, 0));
        assert_eq!(scene.open_of(&debt.bill).await, 83_586);
    });
}
