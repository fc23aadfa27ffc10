//! The limitation of three years and what begins it anew (Civil Code 188 and 195). Pure.

use chrono::{Months, NaiveDate};

/// The limitation in months.
const MONTHS: u32 = 36;

/// What began a limitation anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    /// A demand that arrived, with evidence.
    Demand,
    /// The debtor said that the debt is owed, or promised to pay.
    Acknowledged,
    /// Part of it was paid.
    PartPaid,
}

/// One such day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Restart {
    /// The day.
    pub on: NaiveDate,
    /// What happened.
    pub kind: Kind,
}

/// The last day on which a debt can be claimed: three years after it fell due, or after the last
/// event that began the time anew. A demand after that day begins nothing; an acknowledgement or a
/// part payment does.
pub(crate) fn barred_on(due: NaiveDate, restarts: impl IntoIterator<Item = Restart>) -> NaiveDate {
    let mut restarts: Vec<Restart> = restarts.into_iter().collect();
    restarts.sort_unstable();
    restarts.into_iter().fold(later(due), |end, restart| {
        if restart.kind == Kind::Demand && restart.on > end {
            end
        } else {
            end.max(later(restart.on))
        }
    })
}

/// The last day on which a limitation that ends on `day` can have begun.
pub(crate) fn begun_by(day: NaiveDate) -> NaiveDate {
    let start = day.checked_sub_months(Months::new(MONTHS)).unwrap_or(NaiveDate::MIN);
    // What begins on 29 February ends on the 28th.
    let next = start.succ_opt().unwrap_or(start);
    if later(next) <= day { next } else { start }
}

fn later(day: NaiveDate) -> NaiveDate {
    day.checked_add_months(Months::new(MONTHS)).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn on(text: &str, kind: Kind) -> Restart {
        Restart { on: day(text), kind }
    }

    #[test]
    fn each_effective_demand_begins_the_three_years_anew() {
        let due = day("2026-01-15");
        assert_eq!(barred_on(due, []), day("2029-01-15"));
        let demands = [on("2026-06-30", Kind::Demand), on("2026-01-30", Kind::Demand)];
        assert_eq!(barred_on(due, demands), day("2029-06-30"));
        assert_eq!(barred_on(day("2024-02-29"), []), day("2027-02-28"));
    }

    #[test]
    fn a_barred_debt_is_revived_by_the_debtor_alone() {
        let due = day("2020-01-15");
        assert_eq!(barred_on(due, [on("2023-01-16", Kind::Demand)]), day("2023-01-15"));
        assert_eq!(barred_on(due, [on("2023-01-15", Kind::Demand)]), day("2026-01-15"));
        for kind in [Kind::Acknowledged, Kind::PartPaid] {
            assert_eq!(barred_on(due, [on("2024-05-01", kind)]), day("2027-05-01"));
        }
    }

    proptest! {
        #[test]
        fn it_never_ends_earlier_and_the_order_of_reports_is_nothing(
            days in prop::collection::vec((0_u64..4000, 0_usize..3), 0..6), n in 0_usize..6,
        ) {
            let due = day("2018-01-31");
            let kinds = [Kind::Demand, Kind::Acknowledged, Kind::PartPaid];
            let all: Vec<Restart> = days
                .iter()
                .map(|(days, kind)| Restart { on: due + chrono::Days::new(*days), kind: kinds[*kind] })
                .collect();
            let end = barred_on(due, all.clone());
            prop_assert!(end >= later(due));
            let mut turned = all.clone();
            turned.reverse();
            prop_assert_eq!(end, barred_on(due, turned));
            let fewer: Vec<Restart> = all.into_iter().take(n).collect();
            prop_assert!(barred_on(due, fewer) <= end);
        }

        #[test]
        fn nothing_that_ends_by_a_day_is_missed(start in 0_u64..4000, ahead in 0_u64..1200) {
            let last = day("2018-01-31") + chrono::Days::new(start);
            let by = last + chrono::Days::new(ahead);
            prop_assert_eq!(later(last) <= by, last <= begun_by(by));
        }
    }

    #[test]
    fn a_leap_day_is_not_missed() {
        assert_eq!(begun_by(day("2027-02-28")), day("2024-02-29"));
        assert_eq!(begun_by(day("2029-06-30")), day("2026-06-30"));
    }
}
