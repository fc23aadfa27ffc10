//! Charges that other services ask for: `ChargeRequested` → `ChargeAccepted` or `ChargeRejected`,
//! then `PaymentConfirmed` and `Refunded`, always with the asking service's reference.

mod accept;
mod migrations;
mod repo;
mod tell;
#[cfg(test)]
mod tests;

pub(crate) use accept::subscriptions;
pub(crate) use migrations::migration;
pub(crate) use repo::{building, person_name};
pub(crate) use tell::{confirm, tell_refund};
