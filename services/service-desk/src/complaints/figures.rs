//! What a month's complaints came to.

use super::{
    domain::Complaint,
    kinds::{Cause, Class, Grade},
    repo,
};
use crate::{Refused, month::Month, shares::basis_points};
use chrono::{DateTime, Utc};
use db::TenantScope;
use ids::EstateId;
use std::collections::BTreeMap;

/// Figures of the complaints that an estate received in a month (handbook ch. 22, KPIs).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComplaintFigures {
    /// How many came.
    pub received: u64,
    /// How many are handled: resolved, or explained to be out of scope.
    pub handled: u64,
    /// How many of those within 24 hours of receipt.
    pub within_a_day: u64,
    /// How many were answered within 15 minutes, or 30 at night.
    pub answered_in_time: u64,
    /// How many were found to be out of scope.
    pub invalid: u64,
    /// How many repeat one of the same household and class within 30 days.
    pub repeated: u64,
    /// How many were begun anew at least once.
    pub reopened: u64,
    /// How many households there are.
    pub households: u64,
    /// By cause, the most frequent first.
    pub causes: Vec<(Cause, u64)>,
    /// By class, in the order of the classes.
    pub classes: Vec<(Class, u64)>,
    /// By grade, from light to heavy.
    pub grades: Vec<(Grade, u64)>,
}

impl ComplaintFigures {
    /// Handled of received, in basis points; `None` when none came.
    pub fn handled_bp(&self) -> Option<u64> {
        basis_points(self.handled, self.received)
    }

    /// Within 24 hours of received, in basis points.
    pub fn within_a_day_bp(&self) -> Option<u64> {
        basis_points(self.within_a_day, self.received)
    }

    /// Answered in time of received, in basis points.
    pub fn answered_bp(&self) -> Option<u64> {
        basis_points(self.answered_in_time, self.received)
    }

    /// Complaints per 100 households, in hundredths; `None` without households.
    pub fn per_100_households(&self) -> Option<u64> {
        basis_points(self.received, self.households)
    }

    fn of(found: &[Complaint], households: u64, now: DateTime<Utc>) -> Self {
        let count = |which: &dyn Fn(&Complaint) -> bool| {
            u64::try_from(found.iter().filter(|it| which(it)).count()).unwrap_or(u64::MAX)
        };
        let causes = found.iter().filter_map(|it| it.resolution.as_ref()).map(|it| it.cause);
        let mut causes = counted(causes);
        causes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        Self {
            received: count(&|_| true),
            handled: count(&|it| it.resolved_at.is_some()),
            within_a_day: count(&Complaint::within_a_day),
            answered_in_time: count(&|it| it.answered_in_time(now) == Some(true)),
            invalid: count(&|it| it.valid == Some(false)),
            repeated: count(&|it| it.repeat_of.is_some()),
            reopened: count(&|it| it.reopened > 0),
            households,
            causes,
            classes: counted(found.iter().map(|it| it.class)),
            grades: counted(found.iter().filter_map(Complaint::grade)),
        }
    }
}

fn counted<T: Ord>(all: impl Iterator<Item = T>) -> Vec<(T, u64)> {
    let mut counts: BTreeMap<T, u64> = BTreeMap::new();
    for one in all {
        *counts.entry(one).or_default() += 1;
    }
    counts.into_iter().collect()
}

/// The figures of the complaints that an estate received in a month, as they are now. They count
/// every complaint and name none, so that they may be shown to everybody who sees figures.
///
/// # Errors
/// When reading fails.
pub async fn figures(
    scope: &TenantScope,
    estate: EstateId,
    month: Month,
) -> Result<ComplaintFigures, Refused> {
    let found = repo::of_month(scope, estate, month).await?;
    let units = places::homes::of_estate(scope, estate, None).await?;
    let households = u64::try_from(units.len()).unwrap_or(u64::MAX);
    Ok(ComplaintFigures::of(&found, households, scope.now()))
}
