//! Acting upon an announcement: it only says that something may have changed, so the provider is
//! asked what is true now. Order and repetition therefore change nothing.

use super::repo::{self, Announced};
use crate::{
    cause::Cause,
    ids::PaymentId,
    merchant_accounts,
    payments::{Channel, PayError, Payment, Payments, learn_status},
    refunds,
    settlement::{self, take_in_payouts},
};
use ::payments::{EventKind, Outcome, PaymentObject, Subject};
use chrono::Duration;
use db::{ClaimedJob, JobEnd, JobKind};
use ids::TenantId;
use runtime::JobHandler;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// The work of acting upon one announcement.
pub(crate) const PROCESS: JobKind = JobKind("webhook");

/// Until the provider is asked again.
const AGAIN: Duration = Duration::seconds(5);

/// Acts upon announcements.
pub(crate) struct Process(pub Channel);

#[async_trait::async_trait]
impl JobHandler for Process {
    async fn run(&self, job: &ClaimedJob, _stop: &CancellationToken) -> JobEnd {
        match process(&self.0, job.tenant, job.id).await {
            Ok(end) => end,
            Err(error) => {
                tracing::error!(%error, webhook.id = %job.id, "an announcement cannot be acted upon");
                JobEnd::RetryIn(AGAIN)
            }
        }
    }
}

async fn process(channel: &Channel, tenant: TenantId, id: Uuid) -> Result<JobEnd, PayError> {
    let scope = channel.db.read(tenant).await?;
    let Some(announced) = repo::unprocessed(&scope, id).await? else { return Ok(JobEnd::Done) };
    drop(scope);
    let cause = Cause::announcement(&announced.event);
    match (announced.kind, &announced.object) {
        (EventKind::Payout, _) => {
            take_in_payouts(channel, tenant, announced.merchant, &cause).await?;
        }
        (EventKind::Account, _) => {
            merchant_accounts::learn_state(channel, tenant, announced.merchant, &cause).await?;
        }
        (_, Some(object)) => {
            if !about_payment(channel, tenant, &announced, object, &cause).await? {
                return Ok(JobEnd::RetryIn(AGAIN));
            }
        }
        (_, None) => {}
    }
    let scope = channel.db.write(tenant).await?;
    repo::processed(&scope, id).await?;
    scope.commit().await?;
    Ok(JobEnd::Done)
}

/// Learns what became of a payment; `false` when the provider gave no answer.
async fn about_payment(
    channel: &Channel,
    tenant: TenantId,
    announced: &Announced,
    object: &PaymentObject,
    cause: &Cause,
) -> Result<bool, PayError> {
    let merchant = channel.merchant(tenant, announced.merchant).await?;
    let status = channel.provider.query(&merchant, &Subject::Object(object.clone())).await;
    if let Outcome::Unknown { reason } = &status.outcome {
        tracing::warn!(reason, "the provider gave no answer about what it announced");
        return Ok(false);
    }
    // Payments the company takes elsewhere with the same account have no reference of ours.
    let payment = status.reference.as_deref().and_then(|text| text.parse::<PaymentId>().ok());
    if let Some(payment) = payment
        && let Some(known) = paid_into(channel, tenant, payment, &announced.account).await?
    {
        let payment = known.id;
        // One payment is announced several times, and each time again when an answer was late.
        if !known.knows(&status.outcome) {
            learn_status(&channel.db, tenant, payment, &status.outcome, cause).await?;
        }
        refunds::follow_up_all(channel, tenant, payment, cause).await?;
        if matches!(object, PaymentObject::Refund(_) | PaymentObject::Dispute(_)) {
            settlement::take_in(channel, tenant, payment, cause).await?;
        }
    }
    Ok(true)
}

/// The payment, when it is paid into the account that the announcement names: for another account
/// it does not count.
async fn paid_into(
    channel: &Channel,
    tenant: TenantId,
    payment: PaymentId,
    account: &str,
) -> Result<Option<Payment>, PayError> {
    let scope = channel.db.read(tenant).await?;
    let Some(payment) = Payments(&scope).find(payment).await? else { return Ok(None) };
    let Some(online) = &payment.online else { return Ok(None) };
    let merchant = merchant_accounts::find(&scope, online.merchant).await?;
    Ok(merchant.is_some_and(|merchant| merchant.account == account).then_some(payment))
}
