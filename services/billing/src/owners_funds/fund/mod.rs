//! 专项维修资金: records of the maintenance fund. The money lies in an account that the government
//! supervises; here are its ledger, its applications and the votes, never the cash, and nothing of
//! it is in the company's books.

pub mod domain;
pub(crate) mod graphql;
mod migrations;
mod record;
pub(crate) mod repo;

pub use domain::{Application, FundBalance, FundKind, FundRecord, Votes};
pub(crate) use migrations::migration;
pub(crate) use record::{Apply, Record, apply, record};

use authz::Permission;

/// See the records of the maintenance fund.
pub const FUND_READ: Permission = Permission::new("fund.read");
/// Record what happens to the maintenance fund.
pub const FUND_RECORD: Permission = Permission::new("fund.record");
