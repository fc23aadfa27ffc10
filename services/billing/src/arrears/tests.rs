//! What others hear of arrears while days pass and money comes and goes.

use crate::dunning::tests::{Scene, scene};
use contracts::billing::{ArrearsChanged, UnitArrears};
use events::Event as _;
use testkit::run;

/// The quarter's bill of scenario 1, due on 15 July 2026.
async fn owed() -> Scene {
    scene("2026-07-01", "2026-07", ("3-1-1201", "118.56")).await
}

const TOTAL: i64 = 83_586;

impl Scene {
    /// Everything that was told of the unit's arrears so far, in order.
    async fn told(&self) -> Vec<bool> {
        let db = self.stage.company.world.db("billing");
        db.worker().place_events().await.unwrap();
        let all = db.events_after(0, 10_000).await.unwrap();
        let mine = all.iter().filter(|event| event.kind == ArrearsChanged::KIND);
        let told = mine.flat_map(|event| {
            let told: ArrearsChanged = events::read(event).unwrap();
            assert_eq!(told.estate, self.stage.estate);
            told.units
        });
        let told: Vec<UnitArrears> = told.collect();
        assert!(told.iter().all(|one| one.unit == self.unit), "{told:?}");
        told.into_iter().map(|one| one.behind).collect()
    }
}

#[test]
fn a_unit_is_in_arrears_from_the_day_after_until_all_is_paid() {
    run(async {
        let scene = owed().await;
        scene.day("2026-07-15").await;
        assert!(scene.told().await.is_empty(), "nobody is late on the due day");
        // A minute before midnight in Shanghai, and midnight.
        scene.at("2026-07-15T15:59:00Z").await;
        assert!(scene.told().await.is_empty());
        scene.at("2026-07-15T16:00:00Z").await;
        assert_eq!(scene.told().await, [true]);
        scene.days("2026-07-17", "2026-07-19").await;
        assert_eq!(scene.told().await, [true], "once, however often it is looked at");
        scene.stage.pay(&scene.bill, &scene.account, 1_000).await;
        assert_eq!(scene.told().await, [true], "a part is not all");
        scene.stage.pay(&scene.bill, &scene.account, TOTAL - 1_000).await;
        assert_eq!(scene.told().await, [true, false], "with the payment itself");
        scene.stage.unpay(&scene.bill, &scene.account, 2_000).await;
        assert_eq!(scene.told().await, [true, false, true], "owed again");
        scene.stage.pay(&scene.bill, &scene.account, 2_000).await;
        scene.day("2026-07-20").await;
        assert_eq!(scene.told().await, [true, false, true, false]);
    });
}

#[test]
fn who_pays_in_time_or_has_a_wrong_bill_is_not_in_arrears() {
    run(async {
        let paid = owed().await;
        paid.stage.pay(&paid.bill, &paid.account, TOTAL).await;
        paid.day("2026-08-01").await;
        assert!(paid.told().await.is_empty());
        let wrong = owed().await;
        wrong.day("2026-07-16").await;
        wrong.stage.void(&wrong.stage.finance, &wrong.bill, "录错").await.ok();
        assert_eq!(wrong.told().await, [true, false]);
    });
}

#[test]
fn what_was_in_arrears_before_anybody_asked_is_told_and_a_clock_put_back_takes_it_back() {
    run(async {
        let scene = owed().await;
        scene.day("2026-07-16").await;
        assert_eq!(scene.told().await, [true]);
        // As after an upgrade: nothing was told yet, and the debt is old.
        let scope = scene.stage.company.world.db("billing");
        let scope = scope.write(scene.stage.company.tenant).await.unwrap();
        super::repo::remove(&scope, &[scene.unit]).await.unwrap();
        scope.commit().await.unwrap();
        scene.day("2026-09-01").await;
        assert_eq!(scene.told().await, [true, true]);
        scene.day("2026-07-10").await;
        assert_eq!(scene.told().await, [true, true, false]);
        scene.day("2026-09-02").await;
        assert_eq!(scene.told().await, [true, true, false, true]);
    });
}

#[test]
fn two_people_who_pay_the_last_of_a_unit_at_once_leave_nothing_told() {
    run(async {
        let scene = owed().await;
        let next = {
            scene.stage.run("2026-10").await;
            scene.stage.bill_from(scene.unit, "2026-10").await
        };
        scene.day("2026-10-20").await;
        assert_eq!(scene.told().await, [true]);
        let (first, second) = (scene.bill.clone(), next["id"].clone());
        futures::join!(
            scene.stage.pay(&first, &scene.account, TOTAL),
            scene.stage.pay(&second, &scene.account, TOTAL),
        );
        assert_eq!(scene.told().await, [true, false]);
    });
}
