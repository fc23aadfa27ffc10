//! The figures of the handbook, and what holds of every late fee.

use super::*;
use proptest::prelude::*;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn account() -> BillingAccountId {
    BillingAccountId::from_uuid(Uuid::from_u128(1))
}

fn usual(from: &str) -> LateFeeTerms {
    LateFeeTerms {
        from: day(from),
        account: None,
        daily: LateFeeTerms::USUAL_DAILY,
        cap: LateFeeTerms::USUAL_CAP,
        allocation: AllocationOrder::default(),
    }
}

fn contract() -> Contract {
    Contract::new(vec![usual("2020-01-01")])
}

fn late(due: &str, total: i64) -> Lateness<'static> {
    Lateness {
        account: account(),
        due: day(due),
        total: Fen(total),
        open: Fen(total),
        settled: Vec::new(),
        paid: Fen::ZERO,
        waived: Fen::ZERO,
        pauses: &[],
    }
}

#[test]
fn scenario_1_forty_days_and_the_cap() {
    let bill = late("2026-07-15", 83_586);
    let august = quote(&bill, &contract(), day("2026-08-24"));
    assert_eq!((august.quoted, august.due), (Fen(1672), Fen(1672)));
    assert_eq!((august.segments[0].days, august.exact().to_string()), (40, "16.7172".to_owned()));
    let words = august.words().unwrap().say(texts::Language::En);
    assert_eq!(words, "835.86 × 0.05% × 40 = 16.7172, rounded to 16.72");
    let long = quote(&bill, &contract(), day("2026-07-15") + Days::new(700));
    assert_eq!((long.quoted, long.capped, long.cap), (Fen(25_076), true, Some(Fen(25_076))));
    let words = long.words().unwrap().say(texts::Language::En);
    assert_eq!(words, "835.86 × 0.05% × 700 = 292.551, at most 250.76");
    let sixty = quote(&bill, &contract(), day("2026-07-15") + Days::new(600));
    assert_eq!((sixty.quoted, sixty.capped), (Fen(25_076), false));
}

#[test]
fn nothing_grows_on_the_due_day_without_a_contract_or_before_it() {
    let bill = late("2026-07-15", 83_586);
    assert_eq!(
        quote(&bill, &contract(), day("2026-07-15")),
        LateFeeQuote { cap: Some(Fen(25_076)), ..LateFeeQuote::default() }
    );
    let none = quote(&bill, &Contract::default(), day("2026-12-31"));
    assert_eq!(none, LateFeeQuote::default());
    let later = Contract::new(vec![usual("2026-08-01")]);
    assert_eq!(quote(&bill, &later, day("2026-08-24")).segments[0].days, 24);
}

#[test]
fn scenario_7_a_partial_payment_changes_the_principal_from_the_next_day() {
    let first = quote(&late("2026-01-15", 47_523), &contract(), day("2026-06-30"));
    assert_eq!((first.quoted, first.segments[0].days), (Fen(3944), 166));
    let mut second = late("2026-04-15", 47_523);
    assert_eq!(quote(&second, &contract(), day("2026-06-30")).quoted, Fen(1806));
    second.settled = vec![(day("2026-06-30"), Fen(8533))];
    assert_eq!(quote(&second, &contract(), day("2026-06-30")).quoted, Fen(1806));
    let july = quote(&second, &contract(), day("2026-07-31"));
    assert_eq!((july.quoted, july.exact().to_string().as_str()), (Fen(2410), "24.10219"));
    assert_eq!(july.segments[1].outstanding, Fen(38_990));
    second.waived = Fen(2410);
    assert_eq!(quote(&second, &contract(), day("2026-07-31")).due, Fen::ZERO);
    // Kept as it is for August; it grows again from September on.
    let pauses = [Pause { from: day("2026-08-01"), to: Some(day("2026-08-31")) }];
    second.pauses = &pauses;
    let kept = quote(&second, &contract(), day("2026-08-31"));
    assert_eq!((kept.quoted, kept.frozen), (Fen(2410), Fen::ZERO));
    let again = quote(&second, &contract(), day("2026-09-10"));
    assert_eq!((again.segments[2].days, again.quoted), (10, Fen(2605)));
}

#[test]
fn an_account_may_have_terms_of_its_own_and_of_one_day_the_later_set_hold() {
    let own = LateFeeTerms { account: Some(account()), daily: Rate(200), ..usual("2026-03-01") };
    let again = LateFeeTerms { daily: Rate(300), ..usual("2020-01-01") };
    let contract = Contract::new(vec![usual("2020-01-01"), own, again]);
    let daily = |account, on| contract.in_force(account, day(on)).unwrap().daily;
    let other = BillingAccountId::from_uuid(Uuid::from_u128(2));
    assert_eq!(daily(account(), "2026-03-01"), Rate(200));
    assert_eq!(daily(account(), "2026-02-28"), Rate(300));
    assert_eq!(daily(other, "2026-03-01"), Rate(300));
    let both = quote(&late("2026-02-08", 100_000), &contract, day("2026-03-10"));
    assert_eq!(both.segments.iter().map(|it| it.days).collect::<Vec<_>>(), [20, 10]);
    assert_eq!(both.quoted, Fen(800));
}

#[test]
fn more_than_usual_is_warned_of_and_nonsense_refused() {
    assert!(usual("2026-01-01").warnings().is_empty());
    let high = LateFeeTerms { daily: Rate(501), cap: Rate(300_001), ..usual("2026-01-01") };
    assert_eq!(high.warnings().len(), 2);
    assert!(high.checked().is_ok());
    let wrong = |daily, cap| {
        let terms = LateFeeTerms { daily: Rate(daily), cap: Rate(cap), ..usual("2026-01-01") };
        terms.checked().unwrap_err().field
    };
    assert_eq!(wrong(-1, 0), "dailyRate");
    assert_eq!(wrong(10_001, 0), "dailyRate");
    assert_eq!(wrong(500, 1_000_001), "cap");
    assert_eq!(percent(Rate(500)), "0.05");
}

/// A bill with payments and refunds on days after 1 January.
fn any_bill() -> impl Strategy<Value = (i64, Vec<(u64, i64)>)> {
    (1_i64..10_000_000, proptest::collection::vec((0_u64..800, -50_000_i64..500_000), 0..8))
}

/// The rule said once more, day by day.
fn by_days(of: &Lateness<'_>, contract: &Contract, on: NaiveDate) -> i128 {
    let days = of.due.iter_days().skip(1).take_while(|day| *day <= on);
    days.filter(|day| !of.pauses.iter().any(|pause| pause.covers(*day)))
        .map(|day| {
            let gone = of.settled.iter().filter(|(on, _)| *on < day);
            let open = of.open - gone.map(|(_, amount)| *amount).sum();
            let daily = contract.in_force(of.account, day).map_or(0, |terms| terms.daily.0);
            i128::from(open.0.max(0)) * i128::from(daily)
        })
        .sum()
}

proptest! {
    #[test]
    fn the_segments_are_the_days_one_by_one_and_the_cap_holds(
        (total, changes) in any_bill(),
        on in 0_u64..900,
        pause in (0_u64..500, 0_u64..200),
        change in (0_u64..500, 0_i64..2_000),
    ) {
        let start = day("2026-01-01");
        let pauses = [Pause {
            from: start + Days::new(pause.0),
            to: Some(start + Days::new(pause.0 + pause.1)),
        }];
        let mut bill = late("2026-01-15", total);
        bill.settled = changes.iter().map(|(on, by)| (start + Days::new(*on), Fen(*by))).collect();
        bill.pauses = &pauses;
        let changed = LateFeeTerms {
            daily: Rate(change.1),
            from: start + Days::new(change.0),
            ..usual("2020-01-01")
        };
        let contract = Contract::new(vec![usual("2020-01-01"), changed]);
        let on = start + Days::new(on);
        let quote = quote(&bill, &contract, on);
        let exact = by_days(&bill, &contract, on);
        let most = i128::from(total) * 300_000;
        let expected = round_half_up(exact.min(most), 1_000_000);
        prop_assert_eq!(quote.quoted, Fen(expected));
        prop_assert_eq!(quote.capped, exact > most);
        prop_assert_eq!(quote.segments.iter().map(Segment::product).sum::<i128>(), exact);
        for pair in quote.segments.windows(2) {
            prop_assert!(pair[0].to < pair[1].from);
        }
    }

    #[test]
    fn it_never_shrinks_by_the_day_and_paying_it_bears_no_late_fee(
        (total, changes) in any_bill(),
        on in 0_u64..900,
        part in 0_u64..100,
    ) {
        let start = day("2026-01-01");
        let mut bill = late("2026-01-15", total);
        bill.settled = changes.iter().map(|(on, by)| (start + Days::new(*on), Fen(*by))).collect();
        let on = start + Days::new(on);
        let today = quote(&bill, &contract(), on);
        let tomorrow = quote(&bill, &contract(), on + Days::new(1));
        prop_assert!(today.quoted <= tomorrow.quoted);
        // Paid or waived in part: exactly that much less is owed, on every later day too.
        let taken = Fen(today.due.0 * i64::try_from(part).unwrap() / 100);
        for later in [0, 1, 30] {
            let before = quote(&bill, &contract(), on + Days::new(later));
            let paid = Lateness { paid: taken, ..bill.clone() };
            let after = quote(&paid, &contract(), on + Days::new(later));
            prop_assert_eq!(after.due, before.due - taken);
            prop_assert_eq!(&after.segments, &before.segments);
        }
        prop_assert_eq!(today.due, today.quoted - today.paid - today.waived);
    }
}
