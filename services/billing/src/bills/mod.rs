//! Bills: the charges of a period for one account, and what is still open of them.

mod domain;
pub(crate) mod graphql;
mod history_repo;
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
pub use history_repo::{Means, Settlement, history};
pub use issue_repo::issue;
pub(crate) use migrations::{migration, settlements};
pub(crate) use open_repo::{OpenSum, open_page, open_sum};
pub use prepayment::apply_prepayments;
pub(crate) use repo::{
    BillsOf, Wanted, charged_in, lines_of, of_month, open_of, owed, pages, taken,
    void as mark_voided,
};
pub use repo::{by_id, find};
pub use settle::{SettleError, open_bills, settle, unsettle};
pub(crate) use settle::{change, change_late_fee};
pub(crate) use void::undo;

use authz::Permission;

/// See bills.
pub const BILL_READ: Permission = Permission::new("bill.read");
/// Void a wrong bill.
pub const BILL_VOID: Permission = Permission::new("bill.void");
