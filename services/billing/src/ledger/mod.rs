//! The double-entry ledger: accounts, entries that balance, and how a payment meets bills.

pub mod allocation;
pub(crate) mod books;
pub mod domain;
mod guard_repo;
mod migrations;
pub mod postings;
#[cfg(test)]
mod queue_tests;
mod repo;
#[cfg(test)]
mod tests;

pub use allocation::{Allocated, Allocation, AllocationOrder, OpenBill, Toward, allocate};
pub use books::repo::{ChartBalance, Difference, days_that_differ, differences, trial_balance};
pub use domain::{Account, Entry, EntryKind, LedgerError, Line};
pub(crate) use migrations::{daily_totals, migration};
pub use postings::Till;
pub use repo::{Posting, ReverseError, balance, post, post_all, reverse};
pub(crate) use repo::{Standing, prepaid, standings};
