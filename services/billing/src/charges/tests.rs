//! Rules R1 to R3: the handbook's figures, and what holds for every figure.

use super::*;
use crate::ids::{BillingAccountId, FeeStandardId};
use chrono::{Datelike, NaiveDate};
use money::{Area, Fen, Rate};
use proptest::prelude::*;
use texts::Language;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn month(text: &str) -> BillingMonth {
    text.parse().unwrap()
}

fn standard(formula: Formula, from: &str, to: Option<&str>) -> StandardVersion {
    StandardVersion {
        id: FeeStandardId::from_uuid(Uuid::from_u128(1)),
        formula,
        proration: Proration::ActualDays,
        from: day(from),
        to: to.map(day),
    }
}

fn rate(text: &str) -> Formula {
    Formula::AreaRate { rate: text.parse().unwrap(), surcharge: Fen::ZERO }
}

fn span(account: u128, kind: PayerKind, from: &str, to: Option<&str>) -> PayerSpan {
    let account = BillingAccountId::from_uuid(Uuid::from_u128(account));
    PayerSpan { payer: Payer { account, kind }, from: day(from), to: to.map(day) }
}

fn source(area: &str, formula: Formula, payers: Vec<PayerSpan>) -> ChargeSource {
    ChargeSource {
        area: area.parse().unwrap(),
        standards: vec![standard(formula, "2020-01-01", None)],
        payers,
        discounts: Vec::new(),
        charge_from: None,
        charge_to: None,
    }
}

fn owner() -> Vec<PayerSpan> {
    vec![span(2, PayerKind::Owner, "2020-01-01", None)]
}

fn amounts(source: &ChargeSource, text: &str) -> Vec<String> {
    month_lines(source, month(text)).unwrap().iter().map(|l| l.amount.to_string()).collect()
}

fn english(source: &ChargeSource, text: &str) -> Vec<String> {
    let lines = month_lines(source, month(text)).unwrap();
    lines.iter().map(|l| l.explanation.words(Language::En)).collect()
}

#[test]
fn the_monthly_figures_of_the_demo_estate() {
    for (area, price, expected) in [
        ("118.56", "2.35", "278.62"),
        ("103.75", "2.35", "243.81"),
        ("142.88", "2.35", "335.77"),
        ("142.88", "2.85", "407.21"),
        ("131.27", "2.85", "374.12"),
        ("89.32", "2.35", "209.90"),
        ("67.41", "2.35", "158.41"),
        ("62.50", "4.50", "281.25"),
    ] {
        assert_eq!(amounts(&source(area, rate(price), owner()), "2026-07"), [expected]);
    }
}

#[test]
fn scenario_1_developer_and_owner_share_june_and_the_quarter_is_the_sum_of_its_months() {
    let payers = vec![
        span(1, PayerKind::Developer, "2026-01-01", Some("2026-06-10")),
        span(2, PayerKind::Owner, "2026-06-11", None),
    ];
    let source = source("118.56", rate("2.35"), payers);
    assert_eq!(amounts(&source, "2026-06"), ["92.88", "185.74"]);
    assert_eq!(
        english(&source, "2026-06"),
        [
            "118.56 m² × 2.35 = 278.616; 278.616 × 10/30 days = 92.872; \
             remainder: 278.62 − 185.74 = 92.88",
            "118.56 m² × 2.35 = 278.616; 278.616 × 20/30 days = 185.744 → 185.74",
        ]
    );
    let quarter = Cycle::Quarter.months_of_bill_starting(month("2026-07"));
    let bill = cycle_lines(&source, &quarter).unwrap();
    assert_eq!(bill.len(), 3);
    assert_eq!(bill.iter().map(|l| l.amount).sum::<Fen>().to_string(), "835.86");
    assert_eq!(bill[0].explanation.words(Language::Zh), "118.56 m² × 2.35 = 278.616 → 278.62");
}

#[test]
fn scenario_6_the_owner_bears_the_residue_of_a_lessee_who_moves_out() {
    let payers = vec![
        span(3, PayerKind::Lessee, "2026-01-01", Some("2026-10-18")),
        span(2, PayerKind::Owner, "2026-10-19", None),
    ];
    let source = source("142.88", rate("2.85"), payers);
    assert_eq!(amounts(&source, "2026-10"), ["236.44", "170.77"]);
    let zh = month_lines(&source, month("2026-10")).unwrap()[1].explanation.words(Language::Zh);
    assert!(zh.contains("尾差承担:407.21 − 236.44 = 170.77"), "{zh}");
}

#[test]
fn scenario_5_a_parking_lease_is_charged_for_its_days_only() {
    let lease = vec![span(4, PayerKind::Lessee, "2026-06-18", Some("2026-08-20"))];
    let space = Formula::PerParkingSpace { price: Fen(35_000) };
    let source = source("0", space, lease);
    assert_eq!(amounts(&source, "2026-06"), ["151.67"]);
    assert_eq!(amounts(&source, "2026-07"), ["350.00"]);
    assert_eq!(amounts(&source, "2026-08"), ["225.81"]);
    assert!(amounts(&source, "2026-09").is_empty());
    assert_eq!(
        english(&source, "2026-06"),
        ["350.00 per parking space and month; 350.00 × 13/30 days = 151.666666… → 151.67"]
    );
}

#[test]
fn a_price_change_splits_the_line_and_the_later_part_takes_the_residue() {
    let mut source = source("118.56", rate("2.35"), owner());
    source.standards = vec![
        standard(rate("2.50"), "2026-06-11", None),
        standard(rate("2.35"), "2020-01-01", Some("2026-06-10")),
    ];
    // 278.616 × 10/30 = 92.872, 296.40 × 20/30 = 197.60, together 290.472 → 290.47
    assert_eq!(amounts(&source, "2026-06"), ["92.87", "197.60"]);
    let lines = month_lines(&source, month("2026-06")).unwrap();
    assert_eq!((lines[0].to.day(), lines[1].from.day()), (10, 11));
    assert_eq!(
        lines[1].explanation.adjustment,
        Adjustment::Remainder { total: Fen(29_047), others: Fen(9287) }
    );
}

#[test]
fn a_surcharge_is_part_of_the_product() {
    let formula = Formula::AreaRate { rate: Rate(2_350_000), surcharge: Fen(1000) };
    let source = source("118.56", formula, owner());
    assert_eq!(english(&source, "2026-07"), ["118.56 m² × 2.35 + 10.00 = 288.616 → 288.62"]);
}

#[test]
fn nothing_is_charged_before_the_cut_over_or_without_a_price_or_payer() {
    let mut source = source("100", rate("3"), owner());
    source.charge_from = Some(day("2026-07-01"));
    source.charge_to = Some(day("2026-09-10"));
    assert!(amounts(&source, "2026-06").is_empty());
    assert_eq!(amounts(&source, "2026-07"), ["300.00"]);
    assert_eq!(amounts(&source, "2026-09"), ["100.00"]);
    assert!(amounts(&source, "2026-10").is_empty());
    source.standards.clear();
    assert!(amounts(&source, "2026-07").is_empty());
}

#[test]
fn each_proration_counts_a_part_of_a_month_its_own_way() {
    use PayerKind::{Developer, Owner};
    let lines = |proration, change: &str, text: &str| {
        let before = day(change).pred_opt().unwrap().to_string();
        let payers =
            vec![span(1, Developer, "2020-01-01", Some(&before)), span(2, Owner, change, None)];
        let mut source = source("0", Formula::FixedPerUnit { price: Fen(30_000) }, payers);
        source.standards[0].proration = proration;
        let lines = month_lines(&source, month(text)).unwrap();
        lines.iter().map(|l| (l.payer.kind, l.amount.0)).collect::<Vec<_>>()
    };
    let half = [(Developer, 15_000), (Owner, 15_000)];
    assert_eq!(lines(Proration::HalfMonth, "2026-06-11", "2026-06"), half);
    assert_eq!(lines(Proration::HalfMonth, "2026-06-16", "2026-06"), [(Developer, 30_000)]);
    assert_eq!(lines(Proration::FullMonth, "2026-06-11", "2026-06"), [(Developer, 30_000)]);
    assert_eq!(lines(Proration::FullMonth, "2026-06-11", "2026-07"), [(Owner, 30_000)]);
    let thirty = [(Developer, 10_000), (Owner, 20_000)];
    assert_eq!(lines(Proration::Fixed30, "2026-07-11", "2026-07"), thirty);
    assert_eq!(lines(Proration::Fixed30, "2026-02-11", "2026-02"), thirty);
}

#[test]
fn a_full_month_is_due_from_whoever_comes_first_even_in_the_middle() {
    let lease = vec![span(4, PayerKind::Lessee, "2026-06-18", None)];
    let mut source = source("0", Formula::PerParkingSpace { price: Fen(35_000) }, lease);
    source.standards[0].proration = Proration::FullMonth;
    assert_eq!(amounts(&source, "2026-06"), ["350.00"]);
}

#[test]
fn contradictions_are_refused() {
    let mut wrong = source("100", rate("3"), owner());
    wrong.payers.push(span(3, PayerKind::Lessee, "2026-07-05", None));
    let july = month("2026-07");
    assert_eq!(month_lines(&wrong, july), Err(ChargeError::OverlappingPayers(day("2026-07-05"))));
    let mut wrong = source("100", rate("3"), owner());
    wrong.standards.push(standard(rate("4"), "2026-07-09", None));
    assert_eq!(
        month_lines(&wrong, july),
        Err(ChargeError::OverlappingStandards(day("2026-07-09")))
    );
    assert_eq!(month_lines(&source("-1", rate("3"), owner()), july), Err(ChargeError::Negative));
}

/// Two to five payers who follow one another inside a month, each with their first day.
fn changes(days: u32) -> impl Strategy<Value = Vec<(u32, PayerKind)>> {
    let kind =
        prop_oneof![Just(PayerKind::Developer), Just(PayerKind::Owner), Just(PayerKind::Lessee)];
    proptest::collection::btree_map(2..=days, kind.clone(), 1..5).prop_flat_map(move |later| {
        kind.clone()
            .prop_map(move |first| std::iter::once((1, first)).chain(later.clone()).collect())
    })
}

fn proration() -> impl Strategy<Value = Proration> {
    prop_oneof![
        Just(Proration::ActualDays),
        Just(Proration::HalfMonth),
        Just(Proration::FullMonth),
        Just(Proration::Fixed30)
    ]
}

prop_compose! {
    fn any_month()(year in 2020_i32..2035, number in 1_u32..=12) -> BillingMonth {
        BillingMonth::new(year, number).unwrap()
    }
}

prop_compose! {
    /// A month with payers from its first to its last day and one or two prices.
    fn covered()(month in any_month())(
        changes in changes(month.days()),
        month in Just(month),
        area in 0_i64..5_000_000,
        rates in proptest::collection::vec(0_i64..10_000_000, 2),
        surcharge in 0_i64..5_000,
        cut in 2_u32..=28,
        proration in proration(),
        tiny in any::<bool>(),
    ) -> (BillingMonth, ChargeSource) {
        let area = if tiny { area / 100_000 } else { area };
        let surcharge = if tiny { 0 } else { surcharge };
        let version = |rate: i64, from, to| StandardVersion {
            id: FeeStandardId::from_uuid(Uuid::from_u128(1)),
            formula: Formula::AreaRate { rate: Rate(rate), surcharge: Fen(surcharge) },
            proration,
            from,
            to,
        };
        let payers = changes.iter().enumerate().map(|(i, (from, kind))| PayerSpan {
            payer: Payer {
                account: BillingAccountId::from_uuid(Uuid::from_u128(i as u128)),
                kind: *kind,
            },
            from: month.day(*from),
            to: changes.get(i + 1).map(|(next, _)| month.day(next - 1)),
        }).collect();
        let before = month.day(cut - 1);
        (month, ChargeSource {
            area: Area(area),
            standards: vec![
                version(rates[0], month.first(), Some(before)),
                version(rates[1], month.day(cut), None),
            ],
            payers,
            discounts: Vec::new(),
            charge_from: None,
            charge_to: None,
        })
    }
}

/// The exact amount of a line in fen, as numerator and denominator, from its explanation alone.
fn exact(line: &Charge) -> (i128, i128) {
    let Formula::AreaRate { rate, surcharge } = line.explanation.formula else {
        panic!("the strategy makes area rates")
    };
    let area = line.explanation.area.0;
    let monthly =
        i128::from(area) * i128::from(rate.0) * 100 + i128::from(surcharge.0) * 10_000_000_000;
    let shares = i128::from(line.explanation.shares);
    (monthly * shares, 10_000_000_000 * i128::from(line.explanation.shares_of_month))
}

/// Rounds half-up by comparing twice the rest with the denominator.
fn rounded((numerator, denominator): (i128, i128)) -> i128 {
    numerator / denominator + i128::from(numerator % denominator * 2 >= denominator)
}

fn bearer(lines: &[Charge]) -> Payer {
    lines.iter().max_by_key(|l| (l.payer.kind, l.from)).unwrap().payer
}

fn of(lines: &[Charge], payer: Payer) -> Fen {
    lines.iter().filter(|l| l.payer == payer).map(|l| l.amount).sum()
}

fn sum(lines: &[Charge]) -> Fen {
    lines.iter().map(|l| l.amount).sum()
}

proptest! {
    #[test]
    fn the_parts_are_the_month_total_whoever_pays((month, source) in covered()) {
        let alone = ChargeSource {
            payers: vec![PayerSpan { from: month.first(), to: None, ..source.payers[0].clone() }],
            ..source.clone()
        };
        let split = month_lines(&source, month).unwrap();
        let whole = month_lines(&alone, month).unwrap();
        prop_assert_eq!(sum(&split), sum(&whole));
        prop_assert!(split.iter().all(|l| !l.amount.is_negative()));
        let shares: u32 = split.iter().map(|l| l.explanation.shares).sum();
        prop_assert_eq!(shares, split[0].explanation.shares_of_month);
    }

    #[test]
    fn the_total_is_the_exact_sum_rounded_once((month, source) in covered()) {
        let lines = month_lines(&source, month).unwrap();
        let (_, denominator) = exact(&lines[0]);
        let numerator: i128 = lines.iter().map(|l| exact(l).0).sum();
        prop_assert_eq!(i128::from(sum(&lines).0), rounded((numerator, denominator)));
    }

    #[test]
    fn a_part_without_residue_is_its_own_product_rounded((month, source) in covered()) {
        let lines = month_lines(&source, month).unwrap();
        let bearer = bearer(&lines);
        for line in &lines {
            let own = rounded(exact(line));
            match line.explanation.adjustment {
                Adjustment::None => prop_assert_eq!(i128::from(line.amount.0), own),
                Adjustment::Capped => {
                    let last = lines.iter().rfind(|l| l.payer == line.payer).unwrap();
                    prop_assert!(i128::from(line.amount.0) < own);
                    prop_assert!(last.amount.is_zero() || of(&lines, bearer).is_zero());
                }
                Adjustment::Remainder { total, others } => {
                    prop_assert_eq!(line.amount, total - others);
                }
            }
        }
    }

    #[test]
    fn the_residue_goes_to_the_highest_kind_and_the_later_of_it((month, source) in covered()) {
        let lines = month_lines(&source, month).unwrap();
        let bearer = bearer(&lines);
        for line in lines.iter().filter(|l| l.payer != bearer) {
            let own = lines.iter().filter(|l| l.payer == line.payer);
            let numerator: i128 = own.map(|l| exact(l).0).sum();
            let amount = i128::from(of(&lines, line.payer).0);
            let by_days = rounded((numerator, exact(line).1));
            prop_assert!(amount == by_days
                || (amount < by_days && of(&lines, bearer).is_zero()));
        }
    }

    #[test]
    fn the_order_of_payers_and_prices_is_irrelevant((month, mut source) in covered()) {
        let lines = month_lines(&source, month).unwrap();
        source.payers.reverse();
        source.standards.reverse();
        prop_assert_eq!(month_lines(&source, month).unwrap(), lines);
    }

    #[test]
    fn the_cycle_never_changes_money((month, source) in covered()) {
        let year: Vec<_> = BillingMonth::new(month.year(), 1)
            .unwrap()
            .through(BillingMonth::new(month.year(), 12).unwrap())
            .collect();
        let total = |cycle: Cycle| {
            let starts = year.iter().filter(|m| cycle.begins_with(**m));
            let bills = starts.map(|m| {
                sum(&cycle_lines(&source, &cycle.months_of_bill_starting(*m)).unwrap())
            });
            bills.sum::<Fen>()
        };
        let monthly = total(Cycle::Month);
        for cycle in [Cycle::Quarter, Cycle::HalfYear, Cycle::Year] {
            prop_assert_eq!(total(cycle), monthly);
        }
    }

    #[test]
    fn days_without_a_payer_cost_nothing((month, source) in covered(), gap in 0_usize..5) {
        let mut holed = source.clone();
        let gap = gap % holed.payers.len();
        let absent = holed.payers.remove(gap);
        let lines = month_lines(&holed, month).unwrap();
        prop_assert!(lines.iter().all(|l| l.payer != absent.payer));
        prop_assert!(sum(&lines) <= sum(&month_lines(&source, month).unwrap())
            || source.standards[0].proration == Proration::FullMonth);
    }
}
