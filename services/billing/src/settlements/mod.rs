//! Settlement at leaving (退租、退场结算), of a whole account or of parking spaces that it gives up: what
//! was paid for days after the leaving is credited and charged to the successor, what is owed is
//! met, and the rest goes back with the deposits.

mod approve;
mod command;
mod domain;
mod graphql;
mod meet;
mod migrations;
mod pauses;
mod pay_out;
mod prepare;
mod repo;
mod sheet;
mod sheet_graphql;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use domain::LeavingState;
pub(crate) use graphql::{LeavingMutation, LeavingQuery};
pub(crate) use migrations::migration;
pub(crate) use pauses::pauses;
pub(crate) use repo::{Leaving, Leavings, is_credited};

use authz::Permission;

/// See settlements at leaving.
pub const LEAVING_READ: Permission = Permission::new("leaving.read");
/// Prepare a settlement, or take it back.
pub const LEAVING_PREPARE: Permission = Permission::new("leaving.prepare");
/// Approve a settlement, up to a limit.
pub const LEAVING_APPROVE: Permission = Permission::new("leaving.approve");
/// Pay an approved settlement out.
pub const LEAVING_PAY_OUT: Permission = Permission::new("leaving.pay_out");
