//! The work behind payments, refunds, announcements and settlement.

use super::{Channel, FOLLOW_UP, FollowUp};
use crate::{
    refunds::{FollowUpRefund, REFUND},
    settlement::{FollowPayouts, PAYOUTS, SETTLEMENT, Settle},
    webhooks::{PROCESS, Process},
};
use runtime::Job;
use std::sync::Arc;

/// How many jobs of one kind run at once: each may wait for the provider until its time-out.
const WORKERS: usize = 4;

/// Every kind of work that may ask the provider.
pub(crate) fn jobs(channel: &Channel) -> Vec<Job> {
    let kinds = [
        Job { kind: FOLLOW_UP, handler: Arc::new(FollowUp(channel.clone())) },
        Job { kind: REFUND, handler: Arc::new(FollowUpRefund(channel.clone())) },
        Job { kind: PROCESS, handler: Arc::new(Process(channel.clone())) },
        Job { kind: SETTLEMENT, handler: Arc::new(Settle(channel.clone())) },
        Job { kind: PAYOUTS, handler: Arc::new(FollowPayouts(channel.clone())) },
    ];
    kinds.into_iter().flat_map(|job| vec![job; WORKERS]).collect()
}
