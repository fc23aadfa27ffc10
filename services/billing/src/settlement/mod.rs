//! What the provider keeps, takes back and sends to the bank, posted to the ledger: fees, disputes
//! and payouts, each movement once by the provider's own id of it.

mod compare;
mod domain;
mod graphql;
mod job;
mod migrations;
mod reconcile;
mod reconcile_repo;
#[cfg(test)]
mod reconcile_tests;
mod repo;
mod take_in;
mod take_in_payouts;
#[cfg(test)]
mod tests;

pub(crate) use graphql::SettlementQuery;
pub(crate) use job::{FollowPayouts, PAYOUTS, SETTLEMENT, Settle};
pub(crate) use migrations::migration;
pub(crate) use take_in::take_in;
pub(crate) use take_in_payouts::take_in_payouts;
