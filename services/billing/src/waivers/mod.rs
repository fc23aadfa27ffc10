//! Waivers (减免): asked for by one person with a reason and evidence, granted by another up to a
//! limit, undone where they were wrong.

mod decide;
pub mod domain;
pub(crate) mod graphql;
mod migrations;
mod repo;
mod request;
mod reverse;
#[cfg(test)]
mod tests;
mod withdraw;

pub(crate) use migrations::migration;
pub(crate) use repo::of_bills;
pub(crate) use reverse::undo_with_bill;

use authz::Permission;

/// Ask that a debt is waived, or withdraw the wish.
pub const WAIVER_REQUEST: Permission = Permission::new("waiver.request");
/// Grant, reject or undo a waiver, up to a limit.
pub const WAIVER_APPROVE: Permission = Permission::new("waiver.approve");
