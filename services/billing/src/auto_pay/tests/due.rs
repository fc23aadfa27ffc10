//! The due day on the clock: charged on it and not before, once, whatever looks again.

use super::{AUTO_PAY, card, charges, looked, saved, seen, tried};
use crate::{
    auto_pay::charge_job::look,
    stage::{Debt, Scene, scene},
    testing::Stage,
};
use db::enqueue_job;
use futures::future::join_all;
use serde_json::json;
use testkit::run;

/// Bills fall due ten days after their issue, 10 August for those of 31 July.
async fn due_later() -> Scene {
    let scene = scene().await;
    let text = "mutation($input: SetBillingTermsInput!) { setBillingTerms(input: $input) { terms { dueAfterDays } } }";
    let input =
        json!({ "estateId": scene.estate.to_string(), "cycle": "MONTH", "dueAfterDays": 10 });
    scene.finance.send("billing", text, json!({ "input": input })).await.ok();
    scene
}

/// Five past nine in the estate.
fn morning(scene: &Scene, day: &str) {
    scene.stage.world.clock.set(format!("{day}T01:05:00Z").parse().unwrap());
}

async fn tries(scene: &Scene, debt: &Debt) -> usize {
    seen(scene, debt).await["tries"].as_array().unwrap().len()
}

#[test]
fn a_bill_is_charged_on_its_due_day_and_a_repeat_of_the_work_is_harmless() {
    run(async {
        let scene = due_later().await;
        let debt = scene.owes("card-1", 83_586).await;
        let account = saved(&scene, &debt, "1000", "card").await;
        let card = card(&scene, &debt).await;
        for day in ["2026-08-01", "2026-08-05", "2026-08-09"] {
            morning(&scene, day);
            looked(&scene, card).await;
            assert_eq!(tries(&scene, &debt).await, 0, "{day}");
        }
        morning(&scene, "2026-08-10");
        tried(&scene, &debt, 1, "SUCCEEDED").await;
        looked(&scene, card).await;
        assert_eq!(seen(&scene, &debt).await["tries"][0]["day"], "2026-08-10");
        assert_eq!((scene.open_of(&debt.bill).await, charges(&scene, &account)), (0, 1));
        // Asked for again, by many at once, and on the next days.
        let db = scene.stage.world.db("billing");
        for _ in 0..3 {
            let scope = db.write(scene.company.tenant).await.unwrap();
            enqueue_job(&scope, AUTO_PAY, card.as_uuid()).await.unwrap();
            scope.commit().await.unwrap();
            looked(&scene, card).await;
        }
        let channel = scene.channel();
        let all = join_all((0..8).map(|_| look(&channel, scene.company.tenant, card))).await;
        assert!(all.iter().all(Result::is_ok), "{all:?}");
        for day in ["2026-08-11", "2026-08-12"] {
            morning(&scene, day);
            looked(&scene, card).await;
        }
        assert_eq!((tries(&scene, &debt).await, charges(&scene, &account)), (1, 1));
    });
}

#[test]
fn many_who_look_at_a_due_bill_at_once_charge_it_once() {
    run(async {
        let scene = due_later().await;
        let debt = scene.owes("card-1", 83_586).await;
        let account = saved(&scene, &debt, "1000", "card").await;
        let card = card(&scene, &debt).await;
        morning(&scene, "2026-08-10");
        let channel = scene.channel();
        let all = join_all((0..16).map(|_| look(&channel, scene.company.tenant, card))).await;
        assert!(all.iter().any(Result::is_ok), "{all:?}");
        tried(&scene, &debt, 1, "SUCCEEDED").await;
        looked(&scene, card).await;
        assert_eq!((charges(&scene, &account), scene.open_of(&debt.bill).await), (1, 0));
    });
}

#[test]
fn prepayment_meets_bills_as_they_are_issued_and_a_repeat_of_the_run_takes_nothing_more() {
    run(async {
        let stage = Stage::new().await;
        let (unit, ..) = stage.scenario_1().await;
        stage.property_fee().await;
        stage.run("2026-07").await;
        let july = stage.bill_from(unit, "2026-07").await;
        let account = july["account"]["id"].as_str().unwrap();
        stage.prepay(account, 30_000).await;
        stage.run("2026-08").await;
        // The older bill first, 278.62, then what is left of 300.00.
        let settled = |month: &'static str| {
            let stage = &stage;
            async move { stage.bill_from(unit, month).await["settled"]["amount"].clone() }
        };
        for _ in 0..2 {
            assert_eq!(settled("2026-07").await, "278.62");
            assert_eq!(settled("2026-08").await, "21.38");
            assert_eq!(stage.run("2026-08").await["bills"], 0);
        }
    });
}
