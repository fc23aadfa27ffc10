//! Dunning (催缴): arrears followed up by lawful and friendly means, up to the letter before court
//! (handbook chapter 27).

mod actions;
mod cases;
mod demand;
mod domain;
mod figures;
pub(crate) mod graphql;
mod ladder;
mod limitation;
mod migrations;
mod pauses;
mod referrals;
mod right;
mod templates;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use actions::{Demanded, is_undone, notice};
pub(crate) use cases::{enqueue, job};
pub(crate) use graphql::{DunningMutation, DunningQuery, EstateDunning};
#[cfg(test)]
pub(crate) use ladder::{Fired, Ladder};
pub(crate) use migrations::migrations;

use authz::Permission;
use events::Subscription;

/// What dunning hears of: complaints, and messages that arrived.
pub(crate) fn subscriptions() -> Vec<Subscription> {
    let mut all = Vec::from(pauses::subscriptions());
    all.push(actions::subscription());
    all
}

/// See dunning cases, tasks, contacts and figures.
pub const DUNNING_READ: Permission = Permission::new("dunning.read");
/// Call a debtor and record it.
pub const DUNNING_CALL: Permission = Permission::new("dunning.call");
/// Record messages, visits, notices and letters.
pub const DUNNING_WORK: Permission = Permission::new("dunning.work");
/// Open, assign, skip, pause and resume.
pub const DUNNING_MANAGE: Permission = Permission::new("dunning.manage");
/// Say that a bill is wrong.
pub const DUNNING_DISPUTE: Permission = Permission::new("dunning.dispute");
/// See ladders and texts.
pub const DUNNING_POLICY_READ: Permission = Permission::new("dunning_policy.read");
/// Set ladders and texts.
pub const DUNNING_POLICY_MANAGE: Permission = Permission::new("dunning_policy.manage");
/// See legal referrals.
pub const LEGAL_REFERRAL_READ: Permission = Permission::new("legal_referral.read");
/// Put a legal referral together, file it and close it.
pub const LEGAL_REFERRAL_CREATE: Permission = Permission::new("legal_referral.create");
/// Approve a legal referral.
pub const LEGAL_REFERRAL_APPROVE: Permission = Permission::new("legal_referral.approve");
