//! Clusters and figures of complaints in the graph.

use super::{
    clusters::Cluster,
    figures::ComplaintFigures as Figures,
    kinds_graphql::{ComplaintCause, ComplaintClass, ComplaintGrade},
};
use crate::month::Month;
use async_graphql::{ID, SimpleObject};
use chrono::{DateTime, Utc};

/// Complaints of one building with one cause.
#[derive(Clone, SimpleObject)]
pub struct ComplaintCluster {
    /// The building, `bld_…`; empty for those without a place.
    building_id: Option<ID>,
    /// The cause, where one was found.
    cause: Option<ComplaintCause>,
    /// The class, where no cause was found yet.
    class: Option<ComplaintClass>,
    /// How many there are.
    count: i32,
    /// Which, `cpl_…`, in the order in which they came.
    complaint_ids: Vec<ID>,
    /// Whether all of them are linked as of the same cause.
    linked: bool,
}

impl From<Cluster> for ComplaintCluster {
    fn from(it: Cluster) -> Self {
        let id = |id: &uuid::Uuid| super::ComplaintId::from_uuid(*id).to_string().into();
        let building = it.building.map(contracts::BuildingId::from_uuid);
        Self {
            building_id: building.map(|building| building.to_string().into()),
            cause: it.cause.map(Into::into),
            class: it.class.map(Into::into),
            count: i32::try_from(it.complaints.len()).unwrap_or(i32::MAX),
            complaint_ids: it.complaints.iter().map(id).collect(),
            linked: it.linked,
        }
    }
}

/// Where complaints gather.
#[derive(Clone, SimpleObject)]
pub struct ComplaintClusters {
    /// Counted from here.
    since: DateTime<Utc>,
    /// The clusters, the largest first.
    clusters: Vec<ComplaintCluster>,
}

impl ComplaintClusters {
    pub(super) fn new(since: DateTime<Utc>, clusters: Vec<Cluster>) -> Self {
        Self { since, clusters: clusters.into_iter().map(Into::into).collect() }
    }
}

/// How many complaints have a cause.
#[derive(Clone, SimpleObject)]
pub struct ComplaintCauseCount {
    /// The cause.
    cause: ComplaintCause,
    /// How many.
    count: u64,
}

/// How many complaints are of a class.
#[derive(Clone, SimpleObject)]
pub struct ComplaintClassCount {
    /// The class.
    class: ComplaintClass,
    /// How many.
    count: u64,
}

/// How many complaints have a grade.
#[derive(Clone, SimpleObject)]
pub struct ComplaintGradeCount {
    /// The grade.
    grade: ComplaintGrade,
    /// How many.
    count: u64,
}

/// What the complaints came to that an estate received in a month.
#[derive(Clone, SimpleObject)]
pub struct ComplaintMonth {
    /// The month.
    month: String,
    /// How many came.
    received: u64,
    /// How many are handled.
    handled: u64,
    /// Handled of received, in basis points; empty when none came.
    handled_basis_points: Option<u64>,
    /// How many were resolved within 24 hours of receipt.
    within_a_day: u64,
    /// Those of received, in basis points.
    within_a_day_basis_points: Option<u64>,
    /// How many were answered within 15 minutes, or 30 at night.
    answered_in_time: u64,
    /// Those of received, in basis points.
    answered_in_time_basis_points: Option<u64>,
    /// How many were out of scope.
    invalid: u64,
    /// How many repeat an earlier one.
    repeated: u64,
    /// How many were begun anew.
    reopened: u64,
    /// Complaints per 100 households, in hundredths; empty without households.
    per_hundred_households_hundredths: Option<u64>,
    /// By cause, the most frequent first.
    causes: Vec<ComplaintCauseCount>,
    /// By class.
    classes: Vec<ComplaintClassCount>,
    /// By grade.
    grades: Vec<ComplaintGradeCount>,
}

impl ComplaintMonth {
    pub(super) fn new(month: Month, it: &Figures) -> Self {
        let causes = it.causes.iter().map(|(cause, count)| (*cause, *count));
        let classes = it.classes.iter().map(|(class, count)| (*class, *count));
        let grades = it.grades.iter().map(|(grade, count)| (*grade, *count));
        Self {
            month: month.to_string(),
            received: it.received,
            handled: it.handled,
            handled_basis_points: it.handled_bp(),
            within_a_day: it.within_a_day,
            within_a_day_basis_points: it.within_a_day_bp(),
            answered_in_time: it.answered_in_time,
            answered_in_time_basis_points: it.answered_bp(),
            invalid: it.invalid,
            repeated: it.repeated,
            reopened: it.reopened,
            per_hundred_households_hundredths: it.per_100_households(),
            causes: causes
                .map(|(cause, count)| ComplaintCauseCount { cause: cause.into(), count })
                .collect(),
            classes: classes
                .map(|(class, count)| ComplaintClassCount { class: class.into(), count })
                .collect(),
            grades: grades
                .map(|(grade, count)| ComplaintGradeCount { grade: grade.into(), count })
                .collect(),
        }
    }
}
