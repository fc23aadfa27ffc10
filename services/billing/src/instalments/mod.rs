//! Instalment plans (分期): a debt paid in parts on agreed days, its late fee resting meanwhile.

mod cancel;
mod decide;
pub mod domain;
pub(crate) mod graphql;
mod migrations;
mod propose;
mod repo;
mod standing;
#[cfg(test)]
mod tests;

pub use domain::{Plan, PlanState, PlanStatus};
pub(crate) use migrations::migration;
pub(crate) use repo::find;
pub use standing::kept_plans;
pub(crate) use standing::{is_planned, pauses};

use authz::Permission;

/// Propose an instalment plan, or give one up.
pub const PLAN_PROPOSE: Permission = Permission::new("instalment.propose");
/// Approve or reject an instalment plan that somebody else proposed.
pub const PLAN_APPROVE: Permission = Permission::new("instalment.approve");
