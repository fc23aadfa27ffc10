//! Billing accounts: who owes for what, on which terms.

mod domain;
mod migrations;
mod repo;

pub use crate::ids::BillingAccountId as AccountId;
pub use domain::{BillingAccount, Debtor};
pub(crate) use migrations::migration;
pub(crate) use repo::of_debtors;
pub use repo::{find, find_or_create, lock, prepayment};
