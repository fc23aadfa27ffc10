//! Bills: the charges of a period for one account, and what is still open of them.

mod domain;
pub(crate) mod graphql;
mod issue_repo;
mod migrations;
mod open_repo;
mod prepayment;
mod reissue;
mod repo;
mod settle;
#[cfg(test)]
mod tests;
mod void;

pub use domain::{Bill, BillStatus, Line, NewBill, NewLine};
pub use issue_repo::issue;
pub(crate) use migrations::migration;
pub(crate) use open_repo::{OpenSum, open_page, open_sum};
pub use prepayment::apply_prepayments;
pub use repo::find;
pub(crate) use repo::{BillsOf, Wanted, charged_in, lines_of, pages, taken, void as mark_voided};
pub use settle::{SettleError, open_bills, settle, unsettle};

use authz::Permission;

/// See bills.
pub const BILL_READ: Permission = Permission::new("bill.read");
/// Void a wrong bill.
pub const BILL_VOID: Permission = Permission::new("bill.void");
