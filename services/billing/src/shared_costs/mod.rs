//! Costs of a period that several units share: proposed with a preview, approved by another person,
//! charged at once, reversible.
//!
//! An approved cost issues a bill of its own to each payer at once rather than joining the next
//! run: so what it charged, what it did not, and what a reversal undoes stay together.

mod decide;
pub(crate) mod domain;
pub(crate) mod graphql;
mod migrations;
mod plan;
mod propose;
mod repo;
mod reverse;
#[cfg(test)]
mod tests;

pub(crate) use migrations::migration;

use authz::Permission;

/// See shared costs and their parts.
pub const SHARED_COST_READ: Permission = Permission::new("shared_cost.read");
/// Propose shared costs.
pub const SHARED_COST_PROPOSE: Permission = Permission::new("shared_cost.propose");
/// Approve shared costs that somebody else proposed, reject and reverse them.
pub const SHARED_COST_APPROVE: Permission = Permission::new("shared_cost.approve");
