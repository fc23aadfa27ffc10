//! 公共收益: income from common parts and its reasonable cost, in the books as account 2242.

mod decide;
pub mod domain;
pub(crate) mod graphql;
mod migrations;
mod record;
pub(crate) mod repo;

pub(crate) use decide::{Decide, decide};
pub use domain::{CommonItem, Direction, ItemState};
pub(crate) use migrations::migration;
pub(in crate::owners_funds) use record::text;
pub(crate) use record::{Record, record};

use authz::Permission;

/// See common income and its cost.
pub const COMMON_READ: Permission = Permission::new("common_income.read");
/// Record common income and cost.
pub const COMMON_RECORD: Permission = Permission::new("common_income.record");
/// Approve what somebody else recorded, up to a limit.
pub const COMMON_APPROVE: Permission = Permission::new("common_income.approve");
