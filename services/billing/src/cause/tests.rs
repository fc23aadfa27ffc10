//! Money that no person posts leaves an audit row that names what did.

use crate::{
    stage::{Scene, scene},
    testing,
};
use contracts::audit::AuditRecorded;
use db::Db;
use events::Event as _;
use fake_stripe::Kind;
use ids::TenantId;
use testkit::run;

/// What was recorded of one act in a company.
async fn recorded(db: &Db, tenant: TenantId, action: &str) -> Vec<AuditRecorded> {
    db.worker().place_events().await.unwrap();
    let all = db.events_after(0, 10_000).await.unwrap();
    let mine = all.iter().filter(|event| event.tenant == tenant.as_uuid());
    let audits = mine.filter(|event| event.kind == AuditRecorded::KIND);
    let read = audits.map(|event| events::read::<AuditRecorded>(event).unwrap());
    read.filter(|recorded| recorded.action == action).collect()
}

async fn the_one(scene: &Scene, action: &str) -> AuditRecorded {
    let db = scene.stage.world.db("billing");
    let mut all = recorded(db, scene.company.tenant, action).await;
    assert_eq!(all.len(), 1, "{action}: {all:#?}");
    let one = all.remove(0);
    assert_eq!((one.actor_kind.as_str(), one.estate), ("system", Some(scene.estate)));
    one
}

#[test]
fn an_announced_payment_is_recorded_once_with_the_announcement() {
    run(async {
        let scene = scene().await;
        let account = scene.connect().await;
        let (_, payment) = scene.begun("card-1", 83_586).await;
        scene.stage.stripe.pay(&scene.page(&account), "card").unwrap();
        scene.becomes(&payment, "SUCCEEDED").await;
        scene.stage.stripe.wait_idle().await;
        scene.acted_upon().await;
        let one = the_one(&scene, "payment.received").await;
        let events = scene.stage.stripe.list(&account, Kind::Event);
        let told = one.actor.strip_prefix("announcement ").unwrap();
        assert!(events.iter().any(|event| event["id"] == told), "{}", one.actor);
        assert_eq!(one.object, payment);
        assert!(one.detail.contains("83586"), "{}", one.detail);
    });
}

#[test]
fn a_payment_that_the_janitor_finds_is_recorded_with_its_job() {
    run(async {
        let scene = scene().await;
        let account = scene.connect().await;
        scene.stage.stripe.pause(true);
        let (_, payment) = scene.begun("card-1", 83_586).await;
        scene.stage.stripe.pay(&scene.page(&account), "card").unwrap();
        scene.later(60);
        scene.becomes(&payment, "SUCCEEDED").await;
        let one = the_one(&scene, "payment.received").await;
        assert!(one.actor.starts_with("job payment_follow_up "), "{}", one.actor);
    });
}

#[test]
fn a_refund_is_recorded_when_its_money_has_gone_back() {
    run(async {
        let scene = scene().await;
        let account = scene.connect().await;
        let (_, payment) = scene.begun("card-1", 83_586).await;
        scene.stage.stripe.pay(&scene.page(&account), "card").unwrap();
        scene.becomes(&payment, "SUCCEEDED").await;
        let asked = scene.ask_refund(&scene.desk, &payment, "5.86", "key-0001").await.ok();
        let refund = asked["requestRefund"]["refund"]["id"].as_str().unwrap().to_owned();
        scene.approve(&scene.director, &refund, "key-0002").await.ok();
        scene.becomes(&payment, "PARTLY_REFUNDED").await;
        let one = the_one(&scene, "refund.paid_back").await;
        assert_eq!((one.object, one.detail), (refund, "586".to_owned()));
    });
}

#[test]
fn a_requested_charge_is_recorded_with_the_event_that_asks() {
    run(async {
        let scene = scene().await;
        let debt = scene.owes("pool/card-7", 60_000).await;
        let one = the_one(&scene, "charge.accepted").await;
        assert!(one.actor.starts_with("event "), "{}", one.actor);
        assert_eq!(one.object, debt.bill);
    });
}

#[test]
fn each_part_of_a_bill_run_is_recorded_with_what_it_issued() {
    run(async {
        let stage = testing::Stage::new().await;
        stage.scenario_1().await;
        stage.property_fee().await;
        let done = stage.run("2026-06").await;
        let db = stage.company.world.db("billing");
        let all = recorded(db, stage.company.tenant, "bill_run.bills_issued").await;
        assert_eq!(all.len(), 1);
        assert!(all[0].actor.starts_with("job "), "{}", all[0].actor);
        assert_eq!(all[0].object, done["id"].as_str().unwrap());
        let detail: serde_json::Value = serde_json::from_str(&all[0].detail).unwrap();
        assert_eq!(detail["bills"], done["bills"]);
        assert_eq!((&detail["amount"], &detail["prepaid"]), (&27_862.into(), &0.into()));
        stage.run("2026-06").await;
        let again = recorded(db, stage.company.tenant, "bill_run.bills_issued").await;
        assert_eq!(again.len(), 1, "a run that issues nothing is no act with money");
    });
}
