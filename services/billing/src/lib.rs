//! Billing: what is owed, why, and what was paid (handbook chapters 26 and 28).
//!
//! The rules are pure: dates, prices and facts come in as values, decisions go out as values.

#![recursion_limit = "256"] // The roots of the graph nest one level a feature.

pub mod accounts;
mod arrears;
mod auto_pay;
mod bank;
pub mod bill_runs;
pub mod bills;
pub mod book_exports;
mod cashier;
mod cause;
pub mod charges;
#[cfg(test)]
mod clock_tests;
pub mod closing;
mod deposits;
mod discounts;
pub mod documents;
mod dunning;
pub mod error;
pub mod estates;
pub mod fees;
mod graphql;
pub mod ids;
mod imports;
pub mod instalments;
mod invoices;
pub mod late_fees;
pub mod ledger;
#[cfg(test)]
mod list_tests;
mod loaders;
mod merchant_accounts;
mod meters;
#[cfg(test)]
mod model;
mod one_off_charges;
mod opening_balances;
pub mod owners_funds;
pub mod payments;
pub mod rates;
mod receipt_mail;
pub mod receipts;
pub mod refunds;
pub mod reports;
mod requested_charges;
mod say;
pub mod seed;
mod service;
mod settlement;
mod settlements;
mod shared_costs;
#[cfg(test)]
mod stage;
mod statements;
#[cfg(test)]
mod testing;
mod upload;
pub mod waivers;
mod webhooks;

pub use service::service;
