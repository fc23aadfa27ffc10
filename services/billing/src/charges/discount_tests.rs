//! Discounts in the arithmetic of a line.

use super::*;
use crate::ids::{BillingAccountId, DiscountId, FeeStandardId};
use chrono::NaiveDate;
use money::{Area, Fen, Rate};
use proptest::prelude::*;
use texts::Language;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn source(discounts: Vec<DiscountSpan>) -> ChargeSource {
    ChargeSource {
        area: Area(1_185_600),
        standards: vec![StandardVersion {
            id: FeeStandardId::from_uuid(Uuid::from_u128(1)),
            formula: Formula::AreaRate { rate: Rate(2_350_000), surcharge: Fen::ZERO },
            proration: Proration::ActualDays,
            from: day("2020-01-01"),
            to: None,
        }],
        payers: vec![PayerSpan {
            payer: Payer {
                account: BillingAccountId::from_uuid(Uuid::from_u128(2)),
                kind: PayerKind::Owner,
            },
            from: day("2020-01-01"),
            to: None,
        }],
        discounts,
        charge_from: None,
        charge_to: None,
    }
}

fn off(reduction: Reduction, from: &str, to: Option<&str>) -> DiscountSpan {
    let id = DiscountId::from_uuid(Uuid::from_u128(3));
    DiscountSpan { id, reduction, from: day(from), to: to.map(day) }
}

fn july(source: &ChargeSource) -> Vec<Charge> {
    month_lines(source, "2026-07".parse().unwrap()).unwrap()
}

#[test]
fn thirty_per_cent_come_off_before_the_one_rounding() {
    let percent = Reduction::Percent(Rate(300_000));
    let lines = july(&source(vec![off(percent, "2026-01-01", None)]));
    // 278.616 × 70 % = 195.0312
    assert_eq!((lines.len(), lines[0].amount), (1, Fen(19_503)));
    assert_eq!(
        lines[0].explanation.words(Language::En),
        "118.56 m² × 2.35 = 278.616; less 30.00 % = 195.0312 → 195.03"
    );
    let fixed = Reduction::Fixed(Fen(5_000));
    assert_eq!(july(&source(vec![off(fixed, "2026-01-01", None)]))[0].amount, Fen(22_862));
    let more = Reduction::Fixed(Fen(50_000));
    assert_eq!(july(&source(vec![off(more, "2026-01-01", None)]))[0].amount, Fen::ZERO);
}

#[test]
fn a_discount_that_begins_in_the_month_splits_the_line() {
    let half = Reduction::Percent(Rate(500_000));
    let lines = july(&source(vec![off(half, "2026-07-16", Some("2026-07-20"))]));
    let parts: Vec<_> =
        lines.iter().map(|it| (it.from.to_string(), it.amount, it.explanation.discount)).collect();
    assert_eq!(parts.len(), 3);
    assert_eq!((parts[1].0.as_str(), parts[1].2.is_some()), ("2026-07-16", true));
    // 278.616 × (31 − 2.5) / 31 = 256.1470…
    assert_eq!(lines.iter().map(|it| it.amount).sum::<Fen>(), Fen(25_615));
}

proptest! {
    #[test]
    fn a_discount_never_makes_a_line_dearer_or_negative(
        part in 0_i64..=1_000_000, from in 1_u32..=31, days in 0_u32..40,
    ) {
        let first = day(&format!("2026-07-{from:02}"));
        let last = first.checked_add_days(chrono::Days::new(days.into())).unwrap();
        let reduction = Reduction::Percent(Rate(part));
        let span = DiscountSpan {
            id: DiscountId::from_uuid(Uuid::from_u128(3)),
            reduction,
            from: first,
            to: Some(last),
        };
        let plain: Fen = july(&source(Vec::new())).iter().map(|it| it.amount).sum();
        let lines = july(&source(vec![span]));
        let sum: Fen = lines.iter().map(|it| it.amount).sum();
        prop_assert!(sum <= plain && lines.iter().all(|it| !it.amount.is_negative()));
        let all = i128::from(plain.0);
        prop_assert!(i128::from(sum.0) >= all * i128::from(1_000_000 - part) / 1_000_000 - 1);
    }
}
