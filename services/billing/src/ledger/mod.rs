//! The double-entry ledger: accounts, entries that balance, and how a payment meets bills.

pub mod allocation;
pub mod domain;
pub mod postings;
#[cfg(test)]
mod tests;

pub use allocation::{Allocated, Allocation, OpenBill, allocate};
pub use domain::{Account, Entry, EntryKind, LedgerError, Posting};
pub use postings::Till;
