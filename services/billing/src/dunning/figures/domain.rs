//! Figures from facts. Pure.

use crate::dunning::domain::Step;
use chrono::NaiveDate;
use money::Fen;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The last days of the ages of arrears; the last age has no end.
const AGES: [i64; 4] = [30, 90, 180, 365];

/// How well dunning does in an estate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// Promises whose day was in the period and that were kept,
    pub kept: u32,
    /// and those that were broken.
    pub broken: u32,
    /// Open cases in which somebody was reached,
    pub reached: u32,
    /// of those in which it was tried.
    pub tried: u32,
    /// Arrears of 0–30, 31–90, 91–180, 181–365 and more days.
    pub ages: [Fen; 5],
    /// What was paid in the period after which step was the last one; `None`: before any.
    pub recovered: BTreeMap<Option<Step>, Fen>,
}

/// Part of a whole in hundredths of a per cent, rounded half up; `None` of nothing.
pub(crate) fn per_cent(part: u32, whole: u32) -> Option<i64> {
    let round = || money::round_half_up(i128::from(part) * 10_000, i128::from(whole));
    (whole > 0).then(round)
}

/// Which age a debt has that is `days` late.
pub(super) fn age(days: i64) -> usize {
    AGES.iter().position(|last| days <= *last).unwrap_or(AGES.len())
}

/// Money that came in on a day, by the last step done before or on that day.
pub(super) fn by_step(
    steps: &[(Uuid, Step, NaiveDate)],
    paid: &[(Uuid, NaiveDate, Fen)],
) -> BTreeMap<Option<Step>, Fen> {
    let mut sums = BTreeMap::new();
    for (account, day, amount) in paid {
        let before = steps.iter().filter(|(of, _, done)| of == account && done <= day);
        let last = before.max_by_key(|(_, step, done)| (*done, *step)).map(|(_, step, _)| *step);
        *sums.entry(last).or_insert(Fen::ZERO) += *amount;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ages_are_those_of_the_handbook() {
        let at = [0, 30, 31, 90, 91, 180, 181, 365, 366, 5000].map(age);
        assert_eq!(at, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
    }

    #[test]
    fn a_rate_is_rounded_once_and_nothing_of_nothing_is_no_rate() {
        assert_eq!(per_cent(40, 42), Some(9524));
        assert_eq!(per_cent(0, 0), None);
    }

    #[test]
    fn money_counts_for_the_step_before_it() {
        let (one, day) = (Uuid::from_u128(1), |text: &str| text.parse::<NaiveDate>().unwrap());
        let steps =
            [(one, Step::Reminder, day("2026-07-16")), (one, Step::Call, day("2026-07-22"))];
        let paid = [
            (one, day("2026-07-15"), Fen(1)),
            (one, day("2026-07-16"), Fen(2)),
            (one, day("2026-08-01"), Fen(3)),
        ];
        let sums = by_step(&steps, &paid);
        let expected = BTreeMap::from([
            (None, Fen(1)),
            (Some(Step::Reminder), Fen(2)),
            (Some(Step::Call), Fen(3)),
        ]);
        assert_eq!(sums, expected);
    }

    proptest! {
        #[test]
        fn no_money_is_lost_or_counted_twice(amounts in prop::collection::vec((0_u128..3, 0_u64..60, 1_i64..100), 0..20)) {
            let start: NaiveDate = "2026-07-01".parse().unwrap();
            let steps: Vec<_> = (0..8).map(|n| {
                (Uuid::from_u128(n % 3), Step::ALL[usize::try_from(n).unwrap()], start + chrono::Days::new(u64::try_from(n * 7).unwrap()))
            }).collect();
            let paid: Vec<_> = amounts.iter().map(|(of, days, amount)| {
                (Uuid::from_u128(*of), start + chrono::Days::new(*days), Fen(*amount))
            }).collect();
            let all: Fen = paid.iter().map(|(_, _, amount)| *amount).sum();
            prop_assert_eq!(by_step(&steps, &paid).into_values().sum::<Fen>(), all);
        }
    }
}
