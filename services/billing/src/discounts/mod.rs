//! Discounts: approved rules that take something off the price of a month, and the periods in which
//! units stand empty.

mod decide;
pub(crate) mod domain;
pub(crate) mod graphql;
mod migrations;
mod propose;
mod repo;
#[cfg(test)]
mod tests;
mod vacancy;

pub(crate) use migrations::migration;
pub(crate) use repo::spans;

use authz::Permission;

/// See discounts and vacancies.
pub const DISCOUNT_READ: Permission = Permission::new("discount.read");
/// Propose discounts.
pub const DISCOUNT_PROPOSE: Permission = Permission::new("discount.propose");
/// Approve discounts that somebody else proposed, and end them.
pub const DISCOUNT_APPROVE: Permission = Permission::new("discount.approve");
/// Register that a unit stands empty.
pub const VACANCY_MANAGE: Permission = Permission::new("vacancy.manage");
