//! What a link of a file means for the prices that stand: pure rules.

use super::repo::KnownSetting;
use crate::fees::{FeeStandard, NewStandard, Scope, StandardStatus};
use chrono::{Datelike as _, Months, NaiveDate};

/// One link, with its target found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) setting: KnownSetting,
    pub(super) place: Scope,
    pub(super) from: NaiveDate,
    pub(super) to: Option<NaiveDate>,
}

/// What to do about a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// The price stands so already.
    Unchanged,
    /// An open proposal of an earlier import says the same; it becomes part of this one.
    Adopt(FeeStandard),
    /// Propose this, and give up the open proposals of earlier imports it contradicts.
    Propose(NewStandard, Vec<FeeStandard>),
    /// It ended before the cut-over.
    Ended,
    /// Another price is approved from that day on.
    LaterPrice(NaiveDate),
}

/// A price that stands, and whether an import that is not this one proposed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) standard: FeeStandard,
    pub(super) of_other_import: bool,
}

/// The first day on which a price that replaces one in force may begin.
fn next_month(today: NaiveDate) -> NaiveDate {
    let first = today.with_day(1).unwrap_or(today);
    first.checked_add_months(Months::new(1)).unwrap_or(today)
}

/// Decides. Nothing before `cut_over` is priced; a price that replaces an approved one begins no
/// earlier than next month, since what was published stays true.
pub(super) fn decide(
    wanted: &Wanted,
    standing: &[Standing],
    cut_over: NaiveDate,
    today: NaiveDate,
) -> Decision {
    let Wanted { setting, place, .. } = wanted;
    let mut from = wanted.from.max(setting.from.unwrap_or(wanted.from)).max(cut_over);
    let to = match (wanted.to, setting.to) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    if to.is_some_and(|to| to < from) {
        return Decision::Ended;
    }
    let of_place = standing.iter().filter(|other| {
        let terms = &other.standard.terms;
        terms.item == setting.item && terms.scope == *place
    });
    let of_place: Vec<&Standing> = of_place.collect();
    let same = |other: &FeeStandard| {
        other.terms.formula == setting.formula
            && other.terms.proration == setting.proration
            && other.last_day() == to
    };
    let approved = || of_place.iter().filter(|o| o.standard.status == StandardStatus::Approved);
    if approved().any(|other| same(&other.standard)) {
        return Decision::Unchanged;
    }
    let overlaps = |other: &FeeStandard, from: NaiveDate| {
        other.last_day().is_none_or(|last| last >= from)
            && to.is_none_or(|to| other.terms.from <= to)
    };
    if approved().any(|other| overlaps(&other.standard, from)) {
        from = from.max(next_month(today));
    }
    if to.is_some_and(|to| to < from) {
        return Decision::Ended;
    }
    let later = approved().map(|other| &other.standard).filter(|o| overlaps(o, from));
    if let Some(day) = later.map(|other| other.terms.from).filter(|day| *day >= from).max() {
        return Decision::LaterPrice(day);
    }
    let terms = NewStandard {
        item: setting.item,
        scope: *place,
        formula: setting.formula,
        proration: setting.proration,
        from,
        to,
    };
    let proposed = || of_place.iter().filter(|o| o.standard.status == StandardStatus::Proposed);
    if let Some(open) = proposed().find(|other| other.standard.terms == terms) {
        let adopt = open.of_other_import;
        return if adopt { Decision::Adopt(open.standard.clone()) } else { Decision::Unchanged };
    }
    let stale = proposed().filter(|other| other.of_other_import);
    Decision::Propose(terms, stale.map(|other| other.standard.clone()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        charges::{Formula, Proration},
        ids::{FeeItemId, FeeStandardId, UnitId, UserId},
    };
    use money::{Fen, Rate};
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn wanted(rate: i64, from: &str, to: Option<&str>) -> Wanted {
        let setting = KnownSetting {
            item: FeeItemId::from_uuid(Uuid::from_u128(1)),
            formula: Formula::AreaRate { rate: Rate(rate), surcharge: Fen(2000) },
            proration: Proration::ActualDays,
            from: Some(day("2020-06-10")),
            to: None,
        };
        let place = Scope { unit: Some(UnitId::from_uuid(Uuid::from_u128(2))), ..Scope::default() };
        Wanted { setting, place, from: day(from), to: to.map(day) }
    }

    fn standing(terms: NewStandard, status: StandardStatus) -> Standing {
        let draft = FeeStandard::draft(FeeStandardId::from_uuid(Uuid::from_u128(3)), terms);
        let proposed = draft.unwrap().propose(UserId::from_uuid(Uuid::nil()), day("2026-06-01"));
        let standard = FeeStandard { status, ..proposed.unwrap() };
        Standing { standard, of_other_import: true }
    }

    fn at(wanted: &Wanted, standing: &[Standing]) -> Decision {
        decide(wanted, standing, day("2026-07-01"), day("2026-07-31"))
    }

    fn terms(decision: Decision) -> NewStandard {
        match decision {
            Decision::Propose(terms, _) => terms,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn nothing_before_the_cut_over_is_priced() {
        let new = terms(at(&wanted(1_300_000, "2020-06-10", None), &[]));
        assert_eq!((new.from, new.to), (day("2026-07-01"), None));
        let gone = wanted(1_300_000, "2020-06-10", Some("2026-06-30"));
        assert_eq!(at(&gone, &[]), Decision::Ended);
        let later = terms(at(&wanted(1_300_000, "2026-09-01", Some("2026-12-31")), &[]));
        assert_eq!((later.from, later.to), (day("2026-09-01"), Some(day("2026-12-31"))));
    }

    #[test]
    fn the_same_price_again_changes_nothing_and_another_begins_next_month() {
        let first = wanted(1_300_000, "2020-06-10", None);
        let stands = [standing(terms(at(&first, &[])), StandardStatus::Approved)];
        assert_eq!(at(&first, &stands), Decision::Unchanged);
        let dearer = wanted(1_500_000, "2020-06-10", None);
        assert_eq!(terms(at(&dearer, &stands)).from, day("2026-08-01"));
        let later = wanted(1_300_000, "2026-10-01", None);
        let stands = [standing(terms(at(&later, &[])), StandardStatus::Approved)];
        assert_eq!(at(&dearer, &stands), Decision::LaterPrice(day("2026-10-01")));
        // What ends before the later price begins leaves it alone.
        let between = wanted(1_500_000, "2020-06-10", Some("2026-09-30"));
        assert_eq!(terms(at(&between, &stands)).from, day("2026-07-01"));
    }

    #[test]
    fn an_open_proposal_is_taken_over_or_given_up() {
        let first = wanted(1_300_000, "2020-06-10", None);
        let open = standing(terms(at(&first, &[])), StandardStatus::Proposed);
        assert_eq!(at(&first, std::slice::from_ref(&open)), Decision::Adopt(open.standard.clone()));
        let own = Standing { of_other_import: false, ..open.clone() };
        assert_eq!(at(&first, &[own]), Decision::Unchanged);
        let dearer = at(&wanted(1_500_000, "2020-06-10", None), std::slice::from_ref(&open));
        let Decision::Propose(new, given_up) = dearer else { panic!("{dearer:?}") };
        assert_eq!((new.from, given_up), (day("2026-07-01"), vec![open.standard]));
    }
}
