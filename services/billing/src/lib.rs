//! Billing: what is owed, why, and what was paid (handbook chapters 26 and 28).
//!
//! The rules are pure: dates, prices and facts come in as values, decisions go out as values.

pub mod accounts;
mod auto_pay;
pub mod bill_runs;
pub mod bills;
mod cause;
pub mod charges;
pub mod error;
pub mod estates;
pub mod fees;
mod graphql;
pub mod ids;
mod imports;
pub mod ledger;
#[cfg(test)]
mod list_tests;
mod loaders;
mod merchant_accounts;
#[cfg(test)]
mod model;
mod opening_balances;
pub mod payments;
pub mod rates;
mod receipt_mail;
pub mod receipts;
pub mod refunds;
mod requested_charges;
mod say;
pub mod seed;
mod service;
mod settlement;
#[cfg(test)]
mod stage;
mod statements;
mod stored;
#[cfg(test)]
mod testing;
mod webhooks;

pub use service::service;
