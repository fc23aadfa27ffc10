//! Steps fall due by the calendar of the estate, however long its days are and wherever the clock
//! jumps.

use super::{Scene, scene};
use crate::clock_tests::{begins, in_zone};
use chrono::{Days, Duration, NaiveDate};
use chrono_tz::Tz;
use testkit::run;

impl Scene {
    /// How many steps have fallen due at an instant, after the work was done twice at once.
    async fn steps_at(&self, at: chrono::DateTime<chrono::Utc>) -> usize {
        self.stage.company.world.clock.set(at);
        futures::join!(self.sweep(), self.sweep());
        if self.case().await.is_null() { 0 } else { self.tasks().await.len() }
    }
}

#[test]
fn a_step_falls_due_with_its_day_and_once() {
    run(async {
        for (zone, due) in [
            (Tz::Europe__Berlin, "2027-10-30"),
            (Tz::Europe__Berlin, "2028-03-25"),
            (Tz::Australia__Lord_Howe, "2027-10-02"),
            (Tz::Asia__Shanghai, "2028-02-28"),
        ] {
            let day: NaiveDate = due.parse().unwrap();
            // The second month of the quarter at the latest: due on the day of issue.
            let month = (day - Days::new(31)).format("%Y-%m").to_string();
            let scene = scene(due, &month, ("3-1-1201", "118.56")).await;
            in_zone(&scene.stage, zone).await;
            let (minute, hour) = (Duration::minutes(1), Duration::hours(1));
            let first = begins(zone, day + Days::new(1));
            assert_eq!(scene.steps_at(first - minute).await, 0, "{zone}, {due}");
            assert_eq!(scene.steps_at(first).await, 1, "{zone}, {due}");
            assert_eq!(scene.steps_at(first - hour).await, 1, "{zone}, {due}");
            assert_eq!(scene.steps_at(first + hour).await, 1, "{zone}, {due}");
            let second = begins(zone, day + Days::new(7));
            assert_eq!(scene.steps_at(second - minute).await, 1, "{zone}, {due}");
            assert_eq!(scene.steps_at(second).await, 2, "{zone}, {due}");
            assert_eq!(scene.steps_at(second - hour).await, 2, "{zone}, {due}");
            assert_eq!(scene.steps_at(second + hour).await, 2, "{zone}, {due}");
            let days: Vec<String> = scene.tasks().await.into_iter().map(|task| task.1).collect();
            let want = [1, 7].map(|days| (day + Days::new(days)).to_string());
            assert_eq!(days, want, "{zone}");
        }
    });
}
