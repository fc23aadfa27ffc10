//! Communication visits (走访): which homes an officer calls on in a month, what was said there, what
//! was promised, and how many households were reached in the year (handbook ch. 24).

mod alter;
pub mod alter_graphql;
mod coverage_graphql;
mod domain;
pub mod graphql;
#[cfg(test)]
pub(crate) mod list_rows;
mod migrations;
mod plan;
mod record;
mod repo;
mod say;
#[cfg(test)]
pub(crate) mod tests;
mod view;

pub(crate) use migrations::migration;

use authz::Permission;

/// See plans, visits, promises and coverage.
pub const VISIT_READ: Permission = Permission::new("visit.read");
/// Plan an officer's month.
pub const VISIT_PLAN: Permission = Permission::new("visit.plan");
/// Record a visit, and what became of a promise.
pub const VISIT_RECORD: Permission = Permission::new("visit.record");

ids::prefixed_id!(
    /// A visit that was made.
    VisitId, "vst");
ids::prefixed_id!(
    /// A promise made in a visit.
    VisitPromiseId, "vpr");
