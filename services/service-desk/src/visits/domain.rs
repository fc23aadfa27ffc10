//! Which homes a month's visits go to, and what a visit is.

use super::{VisitId, VisitPromiseId, say};
use crate::lots::lot;
use authz::UserId;
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use contracts::{BuildingId, UnitId};
use errors::{Invalid, expected};
use ids::EstateId;
use serde::{Deserialize, Serialize};

/// How many visits an officer makes in a month (handbook ch. 24).
pub(super) const USUAL: usize = 20;
/// The most that can be planned.
pub(super) const MOST: usize = 200;

/// How people received the officer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Mood {
    /// Content.
    Content,
    /// Neither.
    Neutral,
    /// Dissatisfied or upset.
    Upset,
}

/// What became of a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PromiseState {
    /// Not known yet.
    Open,
    /// It was kept.
    Kept,
    /// It was not.
    Broken,
}

/// A visit that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Visit {
    pub id: VisitId,
    pub estate: EstateId,
    pub unit: UnitId,
    pub building: BuildingId,
    pub officer: UserId,
    pub day: NaiveDate,
    /// Who opened, in a few words.
    pub who: String,
    pub topics: Vec<String>,
    pub mood: Mood,
    pub needs: Option<String>,
    pub recorded_at: DateTime<Utc>,
}

/// What was promised in a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Promise {
    pub id: VisitPromiseId,
    pub visit: VisitId,
    pub estate: EstateId,
    pub unit: UnitId,
    pub building: BuildingId,
    pub officer: UserId,
    pub text: String,
    pub due: NaiveDate,
    pub state: PromiseState,
    pub note: Option<String>,
    pub settled_by: Option<UserId>,
    pub settled_at: Option<DateTime<Utc>>,
    pub version: i32,
}

/// The first and the last day of a year.
///
/// # Errors
/// When there is no such year.
pub(super) fn year(year: i32) -> Result<(NaiveDate, NaiveDate), Invalid> {
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    let days =
        day(1, 1).zip(day(12, 31)).filter(|(first, _)| (2000..=2100).contains(&first.year()));
    days.ok_or_else(|| Invalid::new("year", expected::between(2000, 2100)))
}

/// The homes of a month: first those never visited, then those not visited longest; equals in an
/// order that only the seed decides, so that the same seed always proposes the same.
pub(super) fn proposed(
    mut candidates: Vec<(UnitId, Option<NaiveDate>)>,
    seed: &str,
    count: usize,
) -> Vec<UnitId> {
    // Nothing sorts before every day.
    candidates.sort_by_cached_key(|(unit, last)| (*last, lot(seed, unit.as_uuid().as_bytes())));
    candidates.into_iter().take(count).map(|(unit, _)| unit).collect()
}

/// The day of a visit is not in the future, and a promise is due on that day or later.
///
/// # Errors
/// The field.
pub(super) fn check_days(
    today: NaiveDate,
    day: NaiveDate,
    due: Option<NaiveDate>,
) -> Result<(), Invalid> {
    if day > today {
        return Err(Invalid::new("visitedOn", say::in_the_future()));
    }
    if due.is_some_and(|due| due < day) {
        return Err(Invalid::new("promise.due", expected::not_before("visitedOn")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn unit(n: u128) -> UnitId {
        UnitId::from_uuid(Uuid::from_u128(n))
    }

    #[test]
    fn who_was_never_visited_comes_first_then_who_waited_longest() {
        let all = vec![
            (unit(1), Some(day("2026-05-01"))),
            (unit(2), None),
            (unit(3), Some(day("2025-11-01"))),
        ];
        assert_eq!(proposed(all.clone(), "s", 2), [unit(2), unit(3)]);
        assert_eq!(proposed(all, "s", 9).len(), 3);
    }

    #[test]
    fn years_are_read() {
        assert_eq!(year(2026).unwrap().1, day("2026-12-31"));
        assert_eq!(year(1999).unwrap_err().field, "year");
    }

    proptest! {
        #[test]
        fn the_same_seed_proposes_the_same_whatever_the_order(
            count in 0_usize..30, shift in 0_usize..20, seed in "[a-z]{1,8}",
        ) {
            let mut all: Vec<_> = (0..20).map(|n| (unit(n), None)).collect();
            let first = proposed(all.clone(), &seed, count);
            all.rotate_left(shift);
            prop_assert_eq!(&proposed(all, &seed, count), &first);
            prop_assert_eq!(first.len(), count.min(20));
        }
    }
}
