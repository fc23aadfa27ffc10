//! Which of several prices applies to a unit: the most specific one.

use super::domain::{FeeStandard, StandardStatus};
use crate::{
    charges::{BillingMonth, StandardVersion},
    ids::{BuildingId, UnitId},
};
use chrono::NaiveDate;

/// What a unit is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UnitUse {
    /// A home.
    Home,
    /// A shop.
    Shop,
    /// An office.
    Office,
    /// A parking space.
    Parking,
    /// Anything else with an area.
    Other,
}

/// Where a price applies; a part that is not given applies to all, no part to the whole estate.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct Scope {
    /// Only this building.
    pub building: Option<BuildingId>,
    /// Only units of this use.
    pub unit_use: Option<UnitUse>,
    /// Only this unit or space.
    pub unit: Option<UnitId>,
}

/// The unit or space a price is sought for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its building, if it is in one.
    pub building: Option<BuildingId>,
    /// What it is used for.
    pub unit_use: UnitUse,
    /// The unit or space itself.
    pub unit: UnitId,
}

impl Scope {
    /// Whether `target` is inside.
    pub fn covers(&self, target: &Target) -> bool {
        self.building.is_none_or(|building| Some(building) == target.building)
            && self.unit_use.is_none_or(|unit_use| unit_use == target.unit_use)
            && self.unit.is_none_or(|unit| unit == target.unit)
    }
    /// More specific scopes compare higher: unit over use over building over estate, because a
    /// shop on the ground floor of a building of homes is priced as a shop.
    const fn specificity(&self) -> (bool, bool, bool) {
        (self.unit.is_some(), self.unit_use.is_some(), self.building.is_some())
    }
}

/// The prices of one fee item for `target` in `month`, day by day the most specific approved one;
/// in order of date, cut to the month, never overlapping.
pub fn select(
    standards: &[FeeStandard],
    target: &Target,
    month: BillingMonth,
) -> Vec<StandardVersion> {
    select_days(standards, target, (month.first(), month.last()))
}

/// The same for the days from the first to the last.
pub fn select_days(
    standards: &[FeeStandard],
    target: &Target,
    (first, last): (NaiveDate, NaiveDate),
) -> Vec<StandardVersion> {
    let mut versions: Vec<StandardVersion> = Vec::new();
    // Which one applies changes only where one begins or has ended.
    let begins = standards.iter().map(|standard| standard.terms.from);
    let ended = standards.iter().filter_map(|standard| standard.last_day()?.succ_opt());
    let mut cuts: Vec<NaiveDate> =
        begins.chain(ended).filter(|day| first < *day && *day <= last).chain([first]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    for (place, day) in cuts.iter().copied().enumerate() {
        let Some(standard) = applicable(standards, target, day) else { continue };
        let to = cuts.get(place + 1).map_or(Some(last), NaiveDate::pred_opt);
        match versions.last_mut() {
            Some(before) if before.id == standard.id && before.to == day.pred_opt() => {
                before.to = to;
            }
            _ => versions.push(StandardVersion {
                id: standard.id,
                formula: standard.terms.formula,
                proration: standard.terms.proration,
                from: day,
                to,
            }),
        }
    }
    versions
}

fn applicable<'s>(
    standards: &'s [FeeStandard],
    target: &Target,
    day: NaiveDate,
) -> Option<&'s FeeStandard> {
    standards
        .iter()
        .filter(|s| s.status == StandardStatus::Approved && s.terms.scope.covers(target))
        .filter(|s| s.terms.from <= day && s.last_day().is_none_or(|to| day <= to))
        .max_by_key(|s| (s.terms.scope.specificity(), s.terms.from, s.id))
}
