//! Bill runs around midnight at the end of a month.

use super::{Home, begins, world};
use crate::{charges::BillingMonth, testing::member};
use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;
use contracts::{PersonId, residents::MemberKind};
use money::Fen;
use serde_json::{Value, json};
use testkit::run;

const ZONES: [Tz; 5] = [
    Tz::Asia__Shanghai,
    Tz::Europe__Berlin,
    Tz::America__Sao_Paulo,
    Tz::Australia__Lord_Howe,
    Tz::Pacific__Kiritimati,
];

/// Of 28, 30, 31, 29, 31 and 30 days; summer time ends or begins in some of them.
const MONTHS: [&str; 6] = ["2027-02", "2027-09", "2027-10", "2028-02", "2028-03", "2028-04"];

fn fen(value: &Value) -> Fen {
    value["amount"].as_str().unwrap().parse().unwrap()
}

#[test]
fn a_month_is_billed_once_however_the_clock_jumps_around_its_first_midnight() {
    run(async {
        let first: NaiveDate = "2027-01-31".parse().unwrap();
        let world = world(begins(Tz::Asia__Shanghai, first)).await;
        let mut homes = Vec::new();
        for zone in ZONES {
            let home = Home::owned(&world, zone, "1.00").await;
            home.stage.terms(json!({ "dueDay": 31 })).await.ok();
            homes.push((zone, home));
        }
        for month in MONTHS {
            let first = month.parse::<BillingMonth>().unwrap().first();
            for (zone, home) in &homes {
                let midnight = begins(*zone, first);
                let mut bills = Vec::new();
                // An hour before it, an hour after, back again, and on.
                for hours in [-1, 1, -1, 2] {
                    world.clock.set(midnight + Duration::hours(hours));
                    let run = home.stage.run(month).await;
                    bills.push(run["bills"].as_i64().unwrap());
                }
                assert_eq!(bills, [1, 0, 0, 0], "{month}, {zone}");
            }
        }
        for (zone, home) in &homes {
            let bills = home.stage.bills(home.unit).await;
            let mut seen: Vec<(&str, &str, Fen)> = bills
                .iter()
                .map(|bill| {
                    let text = |field: &str| bill[field].as_str().unwrap();
                    (text("firstMonth"), text("due"), fen(&bill["total"]))
                })
                .collect();
            seen.sort_unstable();
            let last =
                MONTHS.map(|month| month.parse::<BillingMonth>().unwrap().last().to_string());
            let want: Vec<(&str, &str, Fen)> = MONTHS
                .into_iter()
                .zip(&last)
                .map(|(month, last)| (month, last.as_str(), Fen(10_000)))
                .collect();
            assert_eq!(seen, want, "{zone}");
        }
    });
}

#[test]
fn one_key_is_one_run_on_both_sides_of_midnight() {
    run(async {
        let midnight = begins(Tz::Europe__Berlin, "2028-03-01".parse().unwrap());
        let world = world(midnight - Duration::minutes(1)).await;
        let home = Home::owned(&world, Tz::Europe__Berlin, "1.00").await;
        let id = |data: &Value| data["startBillRun"]["billRun"]["id"].clone();
        let before = id(&home.stage.start("2028-03", "the-run-of-march").await.ok());
        world.clock.set(midnight + Duration::minutes(1));
        let after = id(&home.stage.start("2028-03", "the-run-of-march").await.ok());
        assert_eq!(before, after);
        home.stage.run("2028-03").await;
        assert_eq!(home.stage.bills(home.unit).await.len(), 1);
        // The day of issue is the estate's, when somebody first asked.
        let text = "query($id: ID!) { billRun(id: $id) { state bills issuedOn } }";
        let seen = home.stage.director.send("billing", text, json!({ "id": before })).await.ok();
        let want = json!({ "state": "DONE", "bills": 1, "issuedOn": "2028-02-29" });
        assert_eq!(seen["billRun"], want);
    });
}

#[test]
fn the_leap_day_is_charged_to_who_has_the_home_on_it() {
    run(async {
        let world = world(begins(Tz::Asia__Shanghai, "2027-02-01".parse().unwrap())).await;
        let person = || PersonId::from_uuid(world.clock.uuid());
        let members = |until: &str, from: &str| {
            let (developer, owner) = (MemberKind::Developer, MemberKind::Owner);
            vec![
                member(person(), "翠湖置业", developer, "2010-01-01", Some(until)),
                member(person(), "王芳", owner, from, None),
            ]
        };
        // 290.00 a month: ten yuan a day of 29.
        let leap = members("2028-02-28", "2028-02-29");
        let leap = Home::new(&world, Tz::Asia__Shanghai, "2.90", leap).await;
        // 280.00 a month: ten yuan a day of 28.
        let common = members("2027-02-27", "2027-02-28");
        let common = Home::new(&world, Tz::Asia__Shanghai, "2.80", common).await;
        for (home, month, developer) in [(&common, "2027-02", 27_000), (&leap, "2028-02", 28_000)] {
            world.clock.set(begins(Tz::Asia__Shanghai, format!("{month}-01").parse().unwrap()));
            home.stage.run(month).await;
            let bills = home.stage.bills(home.unit).await;
            let of = |name: &str| {
                let mine = bills.iter().filter(|bill| bill["account"]["name"] == name);
                mine.map(|bill| fen(&bill["total"])).collect::<Vec<_>>()
            };
            assert_eq!(of("翠湖置业"), [Fen(developer)], "{month}");
            assert_eq!(of("王*"), [Fen(1_000)], "{month}");
        }
    });
}
