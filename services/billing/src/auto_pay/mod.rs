//! Paying without being asked each time: out of prepayment, and by a saved card with the payer's
//! consent, up to their limit per bill, until they revoke it.

mod charge;
mod charge_job;
mod domain;
mod failure_mail;
mod follow_card;
pub(crate) mod graphql;
mod migrations;
mod repo;
mod revoke;
mod save;
mod settings;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use domain::{Try, Verdict, next_look, verdict};
pub(crate) use failure_mail::{OfFailedCharge, tell_failure};
pub(crate) use migrations::migration;
pub(crate) use repo::keeping_prepayment;

use crate::payments::Channel;
use authz::Permission;
use runtime::Job;

/// Save a card for an account, set its limit, revoke it, and set whether prepayment meets bills.
pub const AUTO_PAY_MANAGE: Permission = Permission::new("auto_pay.manage");

/// How many jobs of one kind run at once: each may wait for the provider until its time-out.
const WORKERS: usize = 4;

/// The work behind saved cards.
pub(crate) fn jobs(channel: &Channel) -> Vec<Job> {
    let kinds = [
        Job::new(follow_card::FOLLOW_CARD, follow_card::FollowCard(channel.clone())),
        Job::new(charge_job::AUTO_PAY, charge_job::AutoPay(channel.clone())),
    ];
    kinds.into_iter().map(|job| job.at_once(WORKERS)).collect()
}
