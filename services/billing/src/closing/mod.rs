//! Closing a month of an estate's books: checklist, lock, and reopening by two persons.

mod checklist;
mod checks_repo;
mod close;
pub mod domain;
pub(crate) mod graphql;
mod migrations;
mod reopen;
mod repo;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use checklist::{Checking, checklist};
pub(crate) use close::{close, start};
pub use domain::{BookMonth, ClosingError, MonthState};
pub(crate) use migrations::migration;
pub(crate) use reopen::{Reopen, reopen, request_reopening};
pub(crate) use repo::find;

use authz::Permission;

/// See how far the months of the books are closed, and what keeps one open.
pub const CLOSE_READ: Permission = Permission::new("month_close.read");
/// Begin to close a month.
pub const CLOSE_START: Permission = Permission::new("month_close.start");
/// Close a month.
pub const CLOSE_APPROVE: Permission = Permission::new("month_close.approve");
/// Ask that a closed month be opened again.
pub const REOPEN_REQUEST: Permission = Permission::new("month_close.request_reopening");
/// Open a closed month again because somebody else asked for it.
pub const REOPEN_APPROVE: Permission = Permission::new("month_close.reopen");
