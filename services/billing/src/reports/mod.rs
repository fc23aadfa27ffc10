//! The reports of a month: live while it is open, frozen in versions when it is closed.

pub mod domain;
mod drill_repo;
mod figures_repo;
pub(crate) mod graphql;
mod migrations;
mod month;
mod repo;
#[cfg(test)]
mod tests;

pub use domain::{Ages, MonthFigures, Move, ReceivableRow, RevenueRow, RollForward};
pub(crate) use drill_repo::{Section, Wanted, wanted};
pub(crate) use migrations::migration;
pub(crate) use month::{figures, freeze, month_end};
pub(crate) use repo::{find, versions};

use authz::Permission;

/// See the reports of a month: sums of an estate, no household's.
pub const REPORT_READ: Permission = Permission::new("report.read");
