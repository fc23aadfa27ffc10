//! What meters count, what it costs, and what joins a bill.

use super::{
    charge::{SupplyPayer, charges},
    domain::*,
    pricing::{Priced, Share, Span, Supply, price, share_out},
};
use crate::{
    bill_runs::{Standing, Taken},
    charges::{
        Formula, PayerKind, Proration, Quantity, StandardVersion, Step, Tiers, USE_PARTS_PER_FEN,
    },
    ids::{BillingAccountId, FeeStandardId, MeterId, ReadingId, UserId},
};
use chrono::NaiveDate;
use ids::EstateId;
use money::{Fen, Rate};
use proptest::prelude::*;
use texts::Language;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn whole(units: i64) -> Quantity {
    Quantity(units * Quantity::PER_ONE)
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn meter(n: u128, on: &str, shows: i64) -> Meter {
    Meter {
        id: MeterId::from_uuid(id(n)),
        estate: EstateId::from_uuid(id(1)),
        place: None,
        is_space: false,
        building: None,
        kind: MeterKind::Water,
        serial: format!("W{n}"),
        multiplier: Quantity::PER_ONE,
        digits: 5,
        item: None,
        installed_on: day(on),
        installed_reading: whole(shows),
        used_before: Quantity::ZERO,
        removed: None,
        replaces: None,
    }
}

fn reading(on: &str, value: i64) -> Reading {
    Reading {
        id: ReadingId::from_uuid(id(9)),
        meter: MeterId::from_uuid(id(1)),
        day: day(on),
        revision: 0,
        value: whole(value),
        rollover: false,
        source: ReadingSource::Officer,
        estimated: false,
        note: None,
        reason: None,
        by: UserId::from_uuid(id(8)),
        at: chrono::DateTime::UNIX_EPOCH,
    }
}

fn metered(meter: Meter, readings: &[(&str, i64)]) -> Metered {
    let readings = readings.iter().map(|(on, value)| reading(on, *value)).collect();
    Metered { meter, readings }
}

fn uses(chain: &[Metered]) -> Vec<(String, String, i64)> {
    let all = periods(chain).unwrap();
    let one = |it: &Period| (it.from.to_string(), it.to.to_string(), it.quantity.0 / 1_000);
    all.iter().map(one).collect()
}

fn water() -> Formula {
    let step = |up_to: Option<i64>, price| Step { up_to: up_to.map(whole), price: Rate(price) };
    let steps = [step(Some(216), 2_800_000), step(Some(300), 3_600_000), step(None, 6_000_000)];
    Formula::Metered { steps: Tiers::new(&steps).unwrap() }
}

fn version(n: u128, formula: Formula, from: &str, to: Option<&str>) -> StandardVersion {
    StandardVersion {
        id: FeeStandardId::from_uuid(id(n)),
        formula,
        proration: Proration::ActualDays,
        from: day(from),
        to: to.map(day),
    }
}

fn supply(chain: &[Metered]) -> Supply {
    let first = &chain[0].meter;
    Supply {
        since: first.installed_on,
        used_before: first.used_before,
        periods: periods(chain).unwrap(),
    }
}

fn total(priced: &Priced) -> Fen {
    Fen(money::round_half_up(priced.exact(), USE_PARTS_PER_FEN))
}

fn flat(price: i64) -> Formula {
    Formula::Metered { steps: Tiers::flat(Rate(price)) }
}

#[test]
fn a_period_goes_from_the_day_after_a_reading_to_the_next() {
    let chain = [metered(meter(1, "2026-06-30", 100), &[("2026-07-31", 120), ("2026-08-31", 145)])];
    let expected = [("2026-07-01", "2026-07-31", 20), ("2026-08-01", "2026-08-31", 25)];
    let expected = expected.map(|(a, b, n)| (a.to_owned(), b.to_owned(), n));
    assert_eq!(uses(&chain), expected);
}

#[test]
fn a_counter_that_falls_is_refused_unless_it_passed_its_last_digit() {
    let mut chain = [metered(meter(1, "2026-06-30", 99_990), &[("2026-07-31", 12)])];
    assert_eq!(periods(&chain), Err(MeterError::Falls(whole(99_990))));
    chain[0].readings[0].rollover = true;
    assert_eq!(uses(&chain)[0].2, 22);
    chain[0].readings[0].value = whole(99_995);
    assert_eq!(periods(&chain), Err(MeterError::NoRollover));
    chain[0].readings[0].value = whole(100_000);
    assert_eq!(periods(&chain), Err(MeterError::TooManyDigits));
}

#[test]
fn a_replaced_meter_and_its_successor_count_together() {
    let mut old = metered(meter(1, "2026-06-30", 100), &[("2026-07-31", 120)]);
    let end = Removal { on: day("2026-08-10"), reading: whole(127), rollover: false };
    old.meter.removed = Some(end);
    let mut new = metered(meter(2, "2026-08-10", 3), &[("2026-08-31", 9)]);
    new.meter.replaces = Some(old.meter.id);
    new.meter.multiplier = 2 * Quantity::PER_ONE;
    let mixed = chains(vec![new.clone(), old.clone()]);
    assert_eq!(mixed, [vec![old, new]]);
    let both = uses(&mixed[0]);
    assert_eq!((both.len(), both[1].2), (2, 7 + 2 * 6));
    let august = &periods(&mixed[0]).unwrap()[1];
    let pieces: Vec<_> = august.counted.iter().map(|it| (&*it.serial, it.quantity)).collect();
    assert_eq!(pieces, [("W1", whole(7)), ("W2", whole(12))]);
}

#[test]
fn an_estimate_that_was_too_high_gives_way_to_the_next_true_reading() {
    let mut chain = [metered(meter(1, "2026-06-30", 100), &[("2026-07-31", 150)])];
    chain[0].readings[0].estimated = true;
    let alone = periods(&chain).unwrap();
    assert_eq!((alone[0].quantity, alone[0].estimated), (whole(50), true));
    // 62 days used 31: the estimated day keeps its half.
    chain[0].readings.push(reading("2026-08-31", 131));
    let all = periods(&chain).unwrap();
    assert!(!all[0].estimated);
    assert_eq!(all.iter().map(|it| it.quantity.0).sum::<i64>(), 31_000);
    assert_eq!(all[0].quantity, Quantity(15_500));
}

#[test]
fn a_use_out_of_the_ordinary_must_be_confirmed() {
    let months = [("2026-04-30", 110), ("2026-05-31", 120), ("2026-06-30", 130)];
    let chain = [metered(meter(1, "2026-03-31", 100), &months)];
    let today = day("2026-08-01");
    let admitted =
        |value, confirmed| admit(&chain, &reading("2026-07-30", value), confirmed, today);
    assert_eq!(admitted(159, false), Ok(()));
    assert_eq!(admitted(161, false), Err(MeterError::Implausible(whole(31))));
    assert_eq!(admitted(161, true), Ok(()));
    assert_eq!(admitted(130, false), Err(MeterError::Implausible(whole(0))));
    assert_eq!(admitted(129, true), Err(MeterError::Falls(whole(130))));
    let early = admit(&chain, &reading("2026-06-30", 140), false, today);
    assert_eq!(early, Err(MeterError::Day(day("2026-06-30"))));
    let late = admit(&chain, &reading("2026-08-02", 140), false, today);
    assert_eq!(late, Err(MeterError::Day(day("2026-06-30"))));
    assert_eq!(estimate(&periods(&chain).unwrap(), 31), Some(whole(10)));
    assert_eq!(estimate(&[], 31), None);
}

#[test]
fn scenario_6_costs_74_yuan_and_says_why() {
    let mut first = meter(1, "2026-09-30", 1_318);
    first.used_before = whole(205);
    let supply = supply(&[metered(first, &[("2026-10-18", 1_341)])]);
    let versions = [version(1, water(), "2026-01-01", None)];
    let priced = price(&[supply], &versions).remove(0);
    assert_eq!(total(&priced[0]), Fen(7_400));
    let payer = SupplyPayer {
        span: Span { kind: PayerKind::Lessee, from: day("2025-01-01"), to: None },
        debtor: 0,
        account: None,
    };
    let found = charges(&priced, &[payer], &[], false);
    let words = found.lines[0].explanation.text().say(Language::En);
    assert_eq!(words, "1318 → 1341 = 23; 11 × 2.80 + 12 × 3.60 = 74.00 → 74.00");
}

#[test]
fn the_steps_begin_again_with_the_year_and_a_new_price_splits_by_days() {
    // 31 days of December and 31 of January: 62 units, half each.
    let mut first = meter(1, "2026-11-30", 0);
    first.used_before = whole(290);
    let supply = supply(&[metered(first, &[("2027-01-31", 62)])]);
    let priced =
        price(std::slice::from_ref(&supply), &[version(1, water(), "2026-01-01", None)]).remove(0);
    // 10 at 3.60, 21 at 6.00, and 31 at 2.80 of the new year.
    assert_eq!(total(&priced[0]), Fen(3_600 + 12_600 + 8_680));
    let versions = [
        version(1, flat(1_000_000), "2026-01-01", Some("2026-12-31")),
        version(2, flat(3_000_000), "2027-01-01", None),
    ];
    let priced = price(std::slice::from_ref(&supply), &versions).remove(0);
    assert_eq!(total(&priced[0]), Fen(3_100 + 9_300));
    assert_eq!(priced[0].standard, Some(versions[1].id));
    let unpriced = price(&[supply], &versions[1..]).remove(0);
    assert_eq!(unpriced[0].standard, None);
}

#[test]
fn two_meters_of_a_unit_share_the_steps() {
    let kitchen = supply(&[metered(meter(1, "2026-06-30", 0), &[("2026-07-30", 216)])]);
    let bath = supply(&[metered(meter(2, "2026-06-30", 0), &[("2026-07-31", 10)])]);
    let priced = price(&[bath, kitchen], &[version(1, water(), "2026-01-01", None)]);
    assert_eq!(total(&priced[1][0]), Fen(21_600 * 28 / 10));
    assert_eq!(total(&priced[0][0]), Fen(3_600));
}

fn account(n: u128) -> BillingAccountId {
    BillingAccountId::from_uuid(id(n))
}

fn payer(n: u128, from: &str, to: Option<&str>) -> SupplyPayer {
    let span = Span { kind: PayerKind::Owner, from: day(from), to: to.map(day) };
    SupplyPayer { span, debtor: usize::try_from(n).unwrap(), account: Some(account(n)) }
}

fn taken(n: u128, from: &str, to: &str, amount: i64) -> Taken {
    Taken {
        account: account(n),
        source: "meter/x".to_owned(),
        from: day(from),
        to: day(to),
        amount: Fen(amount),
        voided: false,
    }
}

fn priced_at_one(readings: &[(&str, i64)]) -> Vec<Priced> {
    let supply = supply(&[metered(meter(1, "2026-06-30", 100), readings)]);
    price(&[supply], &[version(1, flat(1_000_000), "2026-01-01", None)]).remove(0)
}

fn new_lines(found: &super::charge::SupplyCharges) -> Vec<(String, i64)> {
    let new = found.lines.iter().filter(|line| line.standing == Standing::New);
    new.map(|line| (line.from.to_string(), line.amount.0)).collect()
}

#[test]
fn a_correction_of_a_charged_period_meets_the_next_line() {
    let owner = [payer(1, "2020-01-01", None)];
    let july = [taken(1, "2026-07-01", "2026-07-31", 2_000)];
    // The run again: nothing.
    let priced = priced_at_one(&[("2026-07-31", 120)]);
    assert!(new_lines(&charges(&priced, &owner, &july, false)).is_empty());
    // July was 15, not 20: August, 25 + 5 by the same counter, costs 30 less 5.
    let priced = priced_at_one(&[("2026-07-31", 115), ("2026-08-31", 145)]);
    let found = charges(&priced, &owner, &july, false);
    assert_eq!(new_lines(&found), [("2026-08-01".to_owned(), 2_500)]);
    assert_eq!(found.lines[1].explanation.carried, Fen(-500));
    // Before August is read the credit waits, and is said.
    let priced = priced_at_one(&[("2026-07-31", 115)]);
    let found = charges(&priced, &owner, &july, false);
    assert_eq!((new_lines(&found).len(), found.credit), (0, Fen(500)));
    // July was 28: the difference is a line of its own, once.
    let priced = priced_at_one(&[("2026-07-31", 128)]);
    let found = charges(&priced, &owner, &july, false);
    assert_eq!(new_lines(&found), [("2026-07-02".to_owned(), 800)]);
    let both = [july[0].clone(), taken(1, "2026-07-02", "2026-07-02", 800)];
    assert!(new_lines(&charges(&priced, &owner, &both, false)).is_empty());
    // A credit larger than the next line makes it nothing and is carried on.
    let high = [taken(1, "2026-07-01", "2026-07-31", 9_000)];
    let priced = priced_at_one(&[("2026-07-31", 115), ("2026-08-31", 145)]);
    let found = charges(&priced, &owner, &high, false);
    assert_eq!(new_lines(&found), [("2026-08-01".to_owned(), 0)]);
    assert_eq!(found.credit, Fen(4_500));
}

#[test]
fn payers_share_a_period_by_days_and_voided_days_wait_for_a_reissue() {
    let both = [payer(1, "2020-01-01", Some("2026-07-10")), payer(2, "2026-07-11", None)];
    let priced = priced_at_one(&[("2026-07-31", 131)]);
    let found = charges(&priced, &both, &[], false);
    let expected = [("2026-07-01".to_owned(), 1_000), ("2026-07-11".to_owned(), 2_100)];
    assert_eq!(new_lines(&found), expected);
    let mut voided = taken(2, "2026-07-11", "2026-07-31", 2_100);
    voided.voided = true;
    let found = charges(&priced, &both, &[voided.clone()], false);
    assert_eq!(new_lines(&found), expected[..1]);
    let found = charges(&priced, &both, &[voided], true);
    assert_eq!(new_lines(&found), expected);
    // Two who pay on one day are not charged both.
    let twice = [payer(1, "2020-01-01", Some("2026-07-11")), payer(2, "2026-07-11", None)];
    assert!(charges(&priced, &twice, &[], false).lines.is_empty());
    // Days that stand charged to somebody else are not charged again.
    let other = taken(3, "2026-07-01", "2026-07-31", 3_100);
    let found = charges(&priced, &both, &[other], false);
    assert!(found.lines.iter().all(|line| line.standing == Standing::Blocked));
}

proptest! {
    #[test]
    fn a_counter_shows_no_less_than_before_on_a_later_day_within_its_digits(
        shown in 0_i64..1_000, value in 0_i64..1_200, days in -3_i64..4,
    ) {
        let meter = Meter { digits: 3, ..meter(1, "2026-01-01", 0) };
        let (capacity, installed) = (meter.capacity(), meter.installed_on);
        let read = installed + chrono::Duration::days(10);
        let it = metered(meter, &[(&read.to_string(), shown)]);
        let day = read + chrono::Duration::days(days);
        let value = whole(value);
        let fits = days > 0 && value >= whole(shown) && value < capacity;
        prop_assert_eq!(it.can_show(day, value).is_ok(), fits);
        // What it can show can be entered.
        let mut more = it.clone();
        more.readings.push(Reading { day, value, ..it.readings[0].clone() });
        prop_assert!(!fits || periods(&[more]).is_ok());
    }
}

proptest! {
    #[test]
    fn whatever_is_corrected_the_lines_add_up_to_the_readings(
        steps in prop::collection::vec(0_i64..40, 2..8), wrong in prop::collection::vec(-30_i64..30, 8),
    ) {
        let owner = [payer(1, "2020-01-01", None)];
        let days = ["2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31", "2026-11-30",
            "2026-12-31", "2027-01-31", "2027-02-28"];
        let mut value = 100;
        let mut truth = Vec::new();
        for (step, day) in steps.iter().zip(days) {
            value += step;
            truth.push((day, value));
        }
        let mut charged: Vec<Taken> = Vec::new();
        for n in 1..=truth.len() {
            // The last reading is wrong first, as far as it does not fall, and corrected after.
            let mut known = truth[..n].to_vec();
            let before = if n > 1 { known[n - 2].1 } else { 100 };
            known[n - 1].1 = (known[n - 1].1 + wrong[n - 1]).max(before);
            for readings in [known, truth[..n].to_vec()] {
                let found = charges(&priced_at_one(&readings), &owner, &charged, false);
                for line in found.lines.iter().filter(|line| line.standing == Standing::New) {
                    prop_assert!(line.amount >= Fen::ZERO);
                    let mut new = taken(1, "2026-01-01", "2026-01-01", line.amount.0);
                    (new.from, new.to) = (line.from, line.to);
                    prop_assert!(charged.iter().all(|old| old.from != new.from));
                    charged.push(new);
                }
                let sum: i64 = charged.iter().map(|line| line.amount.0).sum();
                let used = (readings[n - 1].1 - 100) * 100;
                prop_assert_eq!(sum, used + found.credit.0);
            }
        }
    }

    #[test]
    fn a_period_is_shared_out_exactly(exact in 0_i128..10_000_000_000_000, cut in 1_u32..30) {
        let month = (day("2026-07-01"), day("2026-07-31"));
        let until = day("2026-07-01").checked_add_days(chrono::Days::new(u64::from(cut) - 1));
        let spans = [
            Span { kind: PayerKind::Lessee, from: day("2026-01-01"), to: until },
            Span { kind: PayerKind::Owner, from: until.unwrap().succ_opt().unwrap(), to: None },
        ];
        let shares = share_out((exact, USE_PARTS_PER_FEN), month, &spans);
        let sum: Fen = shares.iter().map(|share: &Share| share.amount).sum();
        prop_assert_eq!(sum, Fen(money::round_half_up(exact, USE_PARTS_PER_FEN)));
    }

    #[test]
    fn splitting_a_use_by_price_loses_nothing(used in 0_i64..1_000_000, cut in 1_u32..31) {
        let supply = Supply {
            since: day("2026-06-30"),
            used_before: Quantity::ZERO,
            periods: vec![Period {
                from: day("2026-07-01"),
                to: day("2026-07-31"),
                quantity: Quantity(used),
                counted: Vec::new(),
                estimated: false,
            }],
        };
        let until = format!("2026-07-{cut:02}");
        let next = day(&until).succ_opt().unwrap().to_string();
        let versions = [
            version(1, flat(1_000_000), "2026-01-01", Some(&until)),
            version(2, flat(1_000_000), &next, None),
        ];
        let whole = price(std::slice::from_ref(&supply), &[version(1, flat(1_000_000), "2026-01-01", None)]);
        let split = price(&[supply], &versions);
        prop_assert_eq!(whole[0][0].exact(), split[0][0].exact());
    }
}
