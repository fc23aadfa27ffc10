//! The demo estate's table (handbook Part 2 (d)) as a golden file: 768 units, to the fen.

use billing::{
    charges::{
        BillingMonth, ChargeSource, Cycle, Formula, Payer, PayerKind, PayerSpan, Proration,
        StandardVersion, cycle_lines,
    },
    ids::{BillingAccountId, FeeStandardId},
};
use chrono::NaiveDate;
use ids::uuid::Uuid;
use money::{Area, Fen};

/// A unit's number, fee area and rate by the table's rule.
fn units() -> Vec<(String, &'static str, &'static str)> {
    let tall = ["118.56", "103.75"];
    let middle = ["142.88", "118.56"];
    let low = ["142.88", "131.27"];
    let small = ["89.32", "67.41", "67.41", "89.32"];
    let buildings = [
        (1..=3, 27, 2, &tall[..], "2.35"),
        (4..=5, 18, 2, &middle[..], "2.35"),
        (6..=7, 11, 3, &low[..], "2.85"),
        (8..=8, 33, 1, &small[..], "2.35"),
    ];
    let mut units = Vec::new();
    for (numbers, floors, entrances, areas, rate) in buildings {
        for building in numbers.clone() {
            for entrance in 1..=entrances {
                for floor in 1..=floors {
                    for (door, area) in (1_u32..).zip(areas) {
                        let number = format!("{building}-{entrance}-{floor:02}{door:02}");
                        units.push((number, *area, rate));
                    }
                }
            }
        }
    }
    units.extend((1..=36).map(|shop| (format!("S-{shop:02}"), "62.50", "4.50")));
    units
}

fn bill(area: &str, rate: &str, months: &[BillingMonth]) -> Fen {
    let start = NaiveDate::from_ymd_opt(2025, 7, 1).expect("a date");
    let account = BillingAccountId::from_uuid(Uuid::from_u128(1));
    let source = ChargeSource {
        area: area.parse().expect("an area"),
        standards: vec![StandardVersion {
            id: FeeStandardId::from_uuid(Uuid::from_u128(1)),
            formula: Formula::AreaRate {
                rate: rate.parse().expect("a rate"),
                surcharge: Fen::ZERO,
            },
            proration: Proration::ActualDays,
            from: start,
            to: None,
        }],
        payers: vec![PayerSpan {
            payer: Payer { account, kind: PayerKind::Owner },
            from: start,
            to: None,
        }],
        discounts: Vec::new(),
        charge_from: None,
        charge_to: None,
    };
    let lines = cycle_lines(&source, months).expect("one price and one payer");
    lines.iter().map(|line| line.amount).sum()
}

#[test]
fn the_estate_is_the_one_of_the_table() {
    let units = units();
    assert_eq!(units.len(), 768);
    let area: i64 = units.iter().map(|(_, area, _)| area.parse::<Area>().unwrap().0).sum();
    assert_eq!(Area(area).to_string(), "85525.98");
    let find = |number: &str| units.iter().find(|(n, ..)| n == number).map(|(_, a, r)| (*a, *r));
    assert_eq!(find("3-1-1201"), Some(("118.56", "2.35")));
    assert_eq!(find("6-2-0801"), Some(("142.88", "2.85")));
    assert_eq!(find("8-1-0802"), Some(("67.41", "2.35")));
}

#[test]
fn a_full_month_and_a_quarter_have_the_totals_of_the_table() {
    let july: BillingMonth = "2026-07".parse().unwrap();
    for (cycle, expected) in [(Cycle::Month, "214870.98"), (Cycle::Quarter, "644612.94")] {
        let months = cycle.months_of_bill_starting(july);
        let total: Fen = units().iter().map(|(_, area, rate)| bill(area, rate, &months)).sum();
        assert_eq!(total.to_string(), expected);
    }
}
