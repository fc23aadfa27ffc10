//! The janitor: asks the provider about every online payment until it is decided, so that a lost
//! answer, a lost webhook or a crash at any moment ends in the truth.

use super::{
    Channel, PayError, Payment, PaymentStatus, Payments, learn_status, open_page::open_page,
};
use crate::{cause::Cause, ids::PaymentId};
use ::payments::{FailureKind, Outcome, PaymentObject, Subject};
use chrono::Duration;
use db::{ClaimedJob, JobEnd, JobKind};
use ids::TenantId;
use runtime::JobHandler;
use tokio_util::sync::CancellationToken;

/// The work of following one payment up.
pub(crate) const FOLLOW_UP: JobKind = JobKind("payment_follow_up");

/// Before this age whoever opened the payment is still at it.
pub(crate) const GRACE: Duration = Duration::seconds(15);

/// From this age on, a payment of which the provider knows nothing never reached it.
const NEVER_ARRIVED: Duration = Duration::seconds(45);

/// Until the next question.
const AGAIN: Duration = Duration::seconds(20);

/// Follows payments up.
pub(crate) struct FollowUp(pub Channel);

#[async_trait::async_trait]
impl JobHandler for FollowUp {
    async fn run(&self, job: &ClaimedJob, _stop: &CancellationToken) -> JobEnd {
        match follow_up(&self.0, job.tenant, PaymentId::from_uuid(job.id)).await {
            Ok(end) => end,
            Err(error) => {
                tracing::error!(%error, payment.id = %job.id, "a payment cannot be followed up");
                JobEnd::RetryIn(AGAIN)
            }
        }
    }
}

async fn follow_up(channel: &Channel, tenant: TenantId, id: PaymentId) -> Result<JobEnd, PayError> {
    let scope = channel.db.read(tenant).await?;
    let Some(payment) = Payments(&scope).find(id).await? else { return Ok(JobEnd::Done) };
    let age = scope.now() - payment.created_at;
    drop(scope);
    if is_decided(&payment) {
        return Ok(JobEnd::Done);
    }
    if age < GRACE {
        return Ok(JobEnd::RetryIn(GRACE - age));
    }
    let outcome = ask(channel, tenant, &payment).await?;
    let cause = Cause::job(FOLLOW_UP, id.as_uuid());
    let payment = match outcome {
        // Nothing is known there by our reference.
        Outcome::Failed(failure) if failure.kind == FailureKind::NotFound => {
            if age < NEVER_ARRIVED {
                // The same key opens the same page, should the request arrive after all.
                open_page(channel, tenant, id).await?
            } else {
                learn_status(&channel.db, tenant, id, &Outcome::Failed(failure), &cause).await?
            }
        }
        outcome => learn_status(&channel.db, tenant, id, &outcome, &cause).await?,
    };
    Ok(if is_decided(&payment) { JobEnd::Done } else { JobEnd::RetryIn(AGAIN) })
}

/// What became of it. A payment whose page is not known is looked for first, then opened again
/// under its key, since the payer may still be waiting for the page.
async fn ask(
    channel: &Channel,
    tenant: TenantId,
    payment: &Payment,
) -> Result<Outcome<::payments::Paid>, PayError> {
    let Some(online) = &payment.online else {
        return Err(PayError::Defect(format!("{} is no online payment", payment.id)));
    };
    let merchant = channel.merchant(tenant, online.merchant).await?;
    let subject = match &online.checkout_id {
        Some(page) => Subject::Object(PaymentObject::Checkout(page.clone())),
        None => Subject::Reference { reference: payment.id.to_string(), since: payment.created_at },
    };
    let outcome = channel.provider.query(&merchant, &subject).await.outcome;
    let has_page = online.page.saved.is_none();
    if has_page && online.checkout_id.is_none() && outcome == Outcome::Pending {
        open_page(channel, tenant, payment.id).await?;
    }
    Ok(outcome)
}

fn is_decided(payment: &Payment) -> bool {
    let decided = |status| {
        !matches!(status, PaymentStatus::Created | PaymentStatus::Pending | PaymentStatus::Unknown)
    };
    decided(payment.state.status())
}
