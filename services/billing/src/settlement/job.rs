//! Following online money until it is at the bank, whether or not anything is announced.

use super::{take_in, take_in_payouts};
use crate::{
    cause::Cause,
    ids::{MerchantId, PaymentId},
    payments::Channel,
};
use chrono::Duration;
use db::{ClaimedJob, JobEnd, JobKind};
use runtime::JobHandler;
use tokio_util::sync::CancellationToken;

/// The work of finding out what one online payment cost.
pub(crate) const SETTLEMENT: JobKind = JobKind("settlement");

/// The work of looking for payouts of one merchant account; it never ends.
pub(crate) const PAYOUTS: JobKind = JobKind("payouts");

/// Until the provider is asked again for a movement that it has not booked, or after it gave no
/// answer.
const SOON: Duration = Duration::minutes(1);

/// Until payouts are asked for again: they leave once a day, and are announced.
const LATER: Duration = Duration::hours(6);

/// Finds out what payments cost.
pub(crate) struct Settle(pub Channel);

#[async_trait::async_trait]
impl JobHandler for Settle {
    async fn run(&self, job: &ClaimedJob, _stop: &CancellationToken) -> JobEnd {
        let cause = Cause::job(SETTLEMENT, job.id);
        match take_in(&self.0, job.tenant, PaymentId::from_uuid(job.id), &cause).await {
            Ok(true) => JobEnd::Done,
            Ok(false) => JobEnd::RetryIn(SOON),
            Err(error) => {
                tracing::warn!(%error, payment.id = %job.id, "a payment's costs cannot be posted");
                JobEnd::RetryIn(SOON)
            }
        }
    }
}

/// Looks for payouts.
pub(crate) struct FollowPayouts(pub Channel);

#[async_trait::async_trait]
impl JobHandler for FollowPayouts {
    async fn run(&self, job: &ClaimedJob, _stop: &CancellationToken) -> JobEnd {
        let cause = Cause::job(PAYOUTS, job.id);
        let merchant = MerchantId::from_uuid(job.id);
        match take_in_payouts(&self.0, job.tenant, merchant, &cause).await {
            Ok(()) => JobEnd::RetryIn(LATER),
            Err(error) => {
                tracing::warn!(%error, merchant.id = %job.id, "payouts cannot be posted");
                JobEnd::RetryIn(SOON)
            }
        }
    }
}
