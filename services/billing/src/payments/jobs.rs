//! The work behind payments, refunds, announcements and settlement.

use super::{Channel, FOLLOW_UP, FollowUp};
use crate::{
    refunds::{FollowUpRefund, REFUND},
    settlement::{FollowPayouts, PAYOUTS, SETTLEMENT, Settle},
    webhooks::{PROCESS, Process},
};
use runtime::Job;

/// How many jobs of one kind run at once: each may wait for the provider until its time-out.
const WORKERS: usize = 4;

/// Every kind of work that may ask the provider.
pub(crate) fn jobs(channel: &Channel) -> Vec<Job> {
    let kinds = [
        Job::new(FOLLOW_UP, FollowUp(channel.clone())),
        Job::new(REFUND, FollowUpRefund(channel.clone())),
        Job::new(PROCESS, Process(channel.clone())),
        Job::new(SETTLEMENT, Settle(channel.clone())),
        Job::new(PAYOUTS, FollowPayouts(channel.clone())),
    ];
    kinds.into_iter().map(|job| job.at_once(WORKERS)).collect()
}
