//! Complaints that have a place and a cause in common.

use super::{
    domain::Complaint,
    kinds::{Cause, Class},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Complaints of one building with one cause, or one class where no cause was found yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cluster {
    /// The building; `None` for those without a place.
    pub building: Option<Uuid>,
    pub class: Option<Class>,
    pub cause: Option<Cause>,
    /// In the order in which they came.
    pub complaints: Vec<Uuid>,
    /// Whether all of them are linked as of the same cause.
    pub linked: bool,
}

/// The clusters of at least so many, the largest first.
pub(super) fn clusters(found: &[Complaint], least: usize) -> Vec<Cluster> {
    let mut groups: BTreeMap<_, Vec<&Complaint>> = BTreeMap::new();
    for it in found.iter().filter(|it| it.valid != Some(false)) {
        let cause = it.resolution.as_ref().map(|found| found.cause);
        let class = cause.is_none().then_some(it.class);
        groups.entry((it.building, class, cause)).or_default().push(it);
    }
    let large = groups.into_iter().filter(|(_, all)| all.len() >= least);
    let mut clusters: Vec<Cluster> = large
        .map(|((building, class, cause), all)| {
            let group = all.first().and_then(|first| first.same_cause);
            let linked = group.is_some() && all.iter().all(|it| it.same_cause == group);
            let complaints = all.iter().map(|it| it.id.as_uuid()).collect();
            Cluster { building, class, cause, complaints, linked }
        })
        .collect();
    clusters.sort_by_key(|cluster| std::cmp::Reverse(cluster.complaints.len()));
    clusters
}
