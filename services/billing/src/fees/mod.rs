//! Fee items and their effective-dated, approved prices.

mod approve;
mod create_item;
pub mod domain;
mod formula_graphql;
pub(crate) mod graphql;
pub(crate) mod import_repo;
mod migrations;
mod propose;
pub(crate) mod repo;
pub mod scope;
#[cfg(test)]
mod tests;
mod withdraw;

pub(crate) use approve::approve;
pub(crate) use create_item::{CreateItem, create_item};
pub use domain::{
    Approval, Ending, FeeError, FeeItem, FeeKind, FeeStandard, NewStandard, Phase, StandardStatus,
    Withdrawal,
};
pub(crate) use migrations::migration;
pub(crate) use propose::propose;
pub use repo::{find_item, item_by_code};
pub use scope::{Scope, Target, UnitUse, select, select_days};
pub(crate) use withdraw::withdraw;

use authz::Permission;

/// See fee items and prices.
pub const FEE_READ: Permission = Permission::new("fee.read");
/// Create fee items and propose prices.
pub const FEE_PROPOSE: Permission = Permission::new("fee.propose");
/// Approve prices that somebody else proposed.
pub const FEE_APPROVE: Permission = Permission::new("fee.approve");
