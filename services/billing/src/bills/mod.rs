//! Bills: the charges of a period for one account, and what is still open of them.

mod domain;
mod issue;
mod migrations;
mod repo;
mod settle;

pub use domain::{Bill, BillStatus, Line, NewBill, NewLine};
pub use issue::issue;
pub(crate) use migrations::migration;
pub use repo::find;
pub use settle::{SettleError, open_bills, settle, unsettle};
