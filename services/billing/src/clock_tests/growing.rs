//! Late fees by the day of the estate, where days are longer or shorter than others.

use super::{Home, begins, next, world};
use crate::late_fees::tests::{BILL, late_fees};
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use serde_json::json;
use testkit::run;

/// A zone, the due day, and the minutes of the day after it.
const SWITCHES: [(Tz, &str, i64); 8] = [
    (Tz::America__Sao_Paulo, "2018-02-16", 25 * 60),
    (Tz::America__Sao_Paulo, "2018-11-03", 23 * 60),
    (Tz::Asia__Shanghai, "2027-02-28", 24 * 60),
    (Tz::Australia__Lord_Howe, "2027-10-02", 23 * 60 + 30),
    (Tz::Europe__Berlin, "2027-10-30", 25 * 60),
    (Tz::Asia__Shanghai, "2028-02-28", 24 * 60),
    (Tz::Europe__Berlin, "2028-03-25", 23 * 60),
    (Tz::Australia__Lord_Howe, "2028-04-01", 24 * 60 + 30),
];

/// The late fee of the home's one bill at an instant.
async fn at(home: &Home, at: DateTime<Utc>) -> String {
    home.stage.company.world.clock.set(at);
    let bills = home.stage.bills(home.unit).await;
    let id = json!({ "id": bills[0]["id"] });
    let seen = home.stage.finance.send("billing", BILL, id).await.ok();
    seen["bill"]["lateFee"]["quoted"]["amount"].as_str().unwrap().to_owned()
}

#[test]
fn a_late_fee_grows_once_a_day_of_the_estate_however_long_the_day_is() {
    run(async {
        let start = begins(Tz::Asia__Shanghai, "2018-02-01".parse().unwrap());
        let world = world(start).await;
        for (zone, due, minutes) in SWITCHES {
            let due: NaiveDate = due.parse().unwrap();
            let (first, second) = (begins(zone, next(due)), begins(zone, due + Days::new(2)));
            assert_eq!((second - first).num_minutes(), minutes, "{zone}, {due}");
            // 1,000.00 and 0.05 %: half a yuan a day.
            let month = due.format("%Y-%m").to_string();
            world.clock.set(begins(zone, format!("{month}-01").parse().unwrap()));
            let home = Home::owned(&world, zone, "10.00").await;
            late_fees(&home.stage, json!({ "from": "2015-01-01" })).await;
            let day: u32 = due.format("%d").to_string().parse().unwrap();
            home.stage.terms(json!({ "dueDay": day })).await.ok();
            home.stage.run(&month).await;
            let minute = Duration::minutes(1);
            assert_eq!(at(&home, first - minute).await, "0.00", "{zone}, {due}");
            assert_eq!(at(&home, first).await, "0.50", "{zone}, {due}");
            // The clock is set back over midnight, and on again.
            assert_eq!(at(&home, first - Duration::hours(1)).await, "0.00", "{zone}, {due}");
            assert_eq!(at(&home, second - minute).await, "0.50", "{zone}, {due}");
            assert_eq!(at(&home, second).await, "1.00", "{zone}, {due}");
            assert_eq!(at(&home, second - Duration::hours(1)).await, "0.50", "{zone}, {due}");
            // A whole year on, it has grown by the days of the calendar.
            let year = begins(zone, due + Days::new(365));
            assert_eq!(at(&home, year).await, "182.50", "{zone}, {due}");
            world.clock.set(second);
        }
    });
}

#[test]
fn what_is_paid_at_the_end_of_the_due_day_bears_no_late_fee_and_a_minute_later_does() {
    run(async {
        let zone = Tz::Europe__Berlin;
        let due: NaiveDate = "2028-03-25".parse().unwrap();
        let world = world(begins(zone, "2028-03-01".parse().unwrap())).await;
        for (minutes, late_fee, left) in [(-1, "0.00", "0.00"), (0, "0.50", "0.50")] {
            world.clock.set(begins(zone, "2028-03-01".parse().unwrap()));
            let home = Home::owned(&world, zone, "10.00").await;
            let stage = &home.stage;
            late_fees(stage, json!({ "from": "2015-01-01" })).await;
            stage.terms(json!({ "dueDay": 25 })).await.ok();
            stage.run("2028-03").await;
            let instant = begins(zone, next(due)) + Duration::minutes(minutes);
            assert_eq!(at(&home, instant).await, late_fee);
            let cashier = stage.company.staff("CASH", stage.estate).await;
            let bill = stage.bill_from(home.unit, "2028-03").await;
            let text = "mutation($input: TakePaymentInput!) { takePayment(input: $input) { payment { id } } }";
            let input = json!({ "accountId": bill["account"]["id"], "amount": "1000.00",
                "till": "CASH", "billIds": [], "idempotencyKey": "pay-at-midnight" });
            cashier.send("billing", text, json!({ "input": input })).await.ok();
            // Principal first: the late fee that had grown stays, and grows no more.
            world.clock.set(instant + Duration::days(40));
            let seen = stage.finance.send("billing", BILL, json!({ "id": bill["id"] })).await.ok();
            assert_eq!(seen["bill"]["amountDue"]["lateFee"]["amount"], left);
            assert_eq!(seen["bill"]["outstanding"]["amount"], "0.00");
        }
    });
}
