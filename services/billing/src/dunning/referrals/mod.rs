//! What is given to a lawyer (法务移交): the debts, what was done about them, and the contract.

mod create;
mod domain;
mod export;
pub(super) mod graphql;
mod pursue;
mod repo;

use domain::{Outcome, ReferralState};
