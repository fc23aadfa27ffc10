//! Billing accounts: who owes for what, on which terms.

mod domain;
mod events;
pub(crate) mod graphql;
mod migrations;
mod reach;
mod repo;
mod set_terms;

pub use crate::ids::BillingAccountId as AccountId;
pub use domain::{BillingAccount, Debtor, visible};
pub(crate) use events::subscriptions;
pub(crate) use migrations::{migration, shown_names};
pub(crate) use reach::reached;
pub(crate) use repo::{by_id, of_debtors, of_party, of_units};
pub use repo::{find, lock, open, prepayment};
pub(crate) use set_terms::{SetTerms, set_terms};

use authz::Permission;

/// See billing accounts and statements.
pub const ACCOUNT_READ: Permission = Permission::new("account.read");
/// Set cycles, due rules and the cut-over month.
pub const TERMS_MANAGE: Permission = Permission::new("billing_terms.manage");
