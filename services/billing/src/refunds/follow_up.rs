//! The janitor of refunds: every approved refund of online money is driven to its end.

use super::{
    pay_back::pay_back,
    repo::{RefundState, Refunds},
};
use crate::{
    cause::Cause,
    ids::{PaymentId, RefundId},
    payments::{Channel, PayError},
};
use chrono::Duration;
use db::{ClaimedJob, JobEnd, JobKind};
use ids::TenantId;
use runtime::JobHandler;
use tokio_util::sync::CancellationToken;

/// The work of giving one refund back.
pub(crate) const REFUND: JobKind = JobKind("refund");

/// Until the provider is asked again.
const AGAIN: Duration = Duration::seconds(20);

/// Gives refunds back.
pub(crate) struct FollowUpRefund(pub Channel);

#[async_trait::async_trait]
impl JobHandler for FollowUpRefund {
    async fn run(&self, job: &ClaimedJob, _stop: &CancellationToken) -> JobEnd {
        let cause = Cause::job(REFUND, job.id);
        match pay_back(&self.0, job.tenant, RefundId::from_uuid(job.id), &cause).await {
            Ok(RefundState::Pending | RefundState::Unknown) => JobEnd::RetryIn(AGAIN),
            Ok(_) => JobEnd::Done,
            Err(error) => {
                tracing::error!(%error, refund.id = %job.id, "a refund cannot be given back");
                JobEnd::RetryIn(AGAIN)
            }
        }
    }
}

/// Asks after every refund of the payment that was asked for and is not decided.
pub(crate) async fn follow_up_all(
    channel: &Channel,
    tenant: TenantId,
    payment: PaymentId,
    cause: &Cause,
) -> Result<(), PayError> {
    let scope = channel.db.read(tenant).await?;
    let refunds = Refunds(&scope).of_payments([payment]).await?;
    drop(scope);
    for refund in refunds {
        if refund.state.is_under_way() && refund.submitted_at.is_some() {
            pay_back(channel, tenant, refund.id, cause).await?;
        }
    }
    Ok(())
}
