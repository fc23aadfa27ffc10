//! Asking the provider to give money back, under one key per attempt.

use super::repo::{Refund, RefundState, Refunds};
use crate::{
    cause::Cause,
    deposits, estates,
    ids::RefundId,
    payments::{Channel, PayError, Payments},
};
use ::payments::{FailureKind, IdempotencyKey, Merchant, Outcome, RefundRequest};
use authz::Denied;
use chrono::Duration;
use db::TenantScope;
use ids::TenantId;

/// Only after this time is a refund of which the provider knows nothing asked for under a new key:
/// by then no earlier request can still be on its way.
const NEVER_ARRIVED: Duration = Duration::minutes(5);

/// Asks for the refund, or what became of it, and takes in the answer; answers its state then.
pub(super) async fn pay_back(
    channel: &Channel,
    tenant: TenantId,
    id: RefundId,
    cause: &Cause,
) -> Result<RefundState, PayError> {
    let scope = channel.db.write(tenant).await?;
    let Some(mut refund) = Refunds(&scope).lock(id).await? else { return Ok(RefundState::Failed) };
    if !refund.state.is_under_way() {
        return Ok(refund.state);
    }
    let payment = Payments(&scope).find(refund.payment).await?.ok_or(Denied::Hidden)?;
    let asked_before = refund.submitted_at.is_some();
    if !asked_before {
        // Noted before the provider is asked: from here on it may have happened.
        refund.submitted_at = Some(scope.now());
        Refunds(&scope).save(&refund).await?;
    }
    scope.commit().await?;
    let online =
        payment.online.as_ref().and_then(|o| Some((o.merchant, o.provider_payment.clone()?)));
    let (merchant, paid) =
        online.ok_or_else(|| PayError::Defect(format!("{} was not paid online", payment.id)))?;
    let merchant = channel.merchant(tenant, merchant).await?;
    let outcome = if asked_before {
        find_or_repeat(channel, tenant, &merchant, &refund, &paid).await?
    } else {
        submit(channel, &merchant, &refund, &paid).await?
    };
    take_in(channel, tenant, &refund, &outcome, cause).await
}

async fn submit(
    channel: &Channel,
    merchant: &Merchant,
    refund: &Refund,
    paid: &str,
) -> Result<Outcome<::payments::Refund>, PayError> {
    let key = IdempotencyKey::new(format!("{}.{}", refund.id, refund.attempt));
    let request = RefundRequest {
        key: key.map_err(|error| PayError::Defect(error.to_string()))?,
        reference: refund.id.to_string(),
        payment: paid.to_owned(),
        amount: refund.amount,
    };
    Ok(channel.provider.refund(merchant, &request).await)
}

/// What became of an earlier try; when the provider knows nothing of it, the same again.
async fn find_or_repeat(
    channel: &Channel,
    tenant: TenantId,
    merchant: &Merchant,
    refund: &Refund,
    paid: &str,
) -> Result<Outcome<::payments::Refund>, PayError> {
    let found = channel.provider.find_refund(merchant, paid, &refund.id.to_string()).await;
    match found {
        Outcome::Failed(failure) if failure.kind == FailureKind::NotFound => {}
        known => return Ok(known),
    }
    let now = channel.db.clock().now();
    let mut refund = refund.clone();
    if refund.submitted_at.is_some_and(|at| now - at >= NEVER_ARRIVED) {
        let scope = channel.db.write(tenant).await?;
        refund = Refunds(&scope).lock(refund.id).await?.ok_or(Denied::Hidden)?;
        refund.attempt += 1;
        refund.submitted_at = Some(now);
        Refunds(&scope).save(&refund).await?;
        scope.commit().await?;
    }
    submit(channel, merchant, &refund, paid).await
}

async fn take_in(
    channel: &Channel,
    tenant: TenantId,
    refund: &Refund,
    outcome: &Outcome<::payments::Refund>,
    cause: &Cause,
) -> Result<RefundState, PayError> {
    let scope = channel.db.write(tenant).await?;
    let mut payment = Payments(&scope).lock(refund.payment).await?.ok_or(Denied::Hidden)?;
    let mut refund = Refunds(&scope).lock(refund.id).await?.ok_or(Denied::Hidden)?;
    if !refund.state.is_under_way() {
        return Ok(refund.state);
    }
    match outcome {
        Outcome::Succeeded(done) if done.amount != refund.amount => {
            let text =
                format!("{} gave back {} instead of {}", refund.id, done.amount, refund.amount);
            return Err(PayError::Defect(text));
        }
        Outcome::Succeeded(done) => {
            refund.provider_id = Some(done.id.clone());
            let estate = estates::find(&scope, refund.estate).await?.ok_or(Denied::Hidden)?;
            super::post::post(&scope, &estate, &mut payment, &mut refund, true, None).await?;
            super::post::record(&scope, &refund, "refund.paid_back", cause).await?;
        }
        outcome => note(&scope, &mut refund, outcome).await?,
    }
    scope.commit().await?;
    Ok(refund.state)
}

async fn note(
    scope: &TenantScope,
    refund: &mut Refund,
    outcome: &Outcome<::payments::Refund>,
) -> Result<(), PayError> {
    match outcome {
        Outcome::Failed(failure) if failure.kind != FailureKind::KeyReused => {
            refund.state = RefundState::Failed;
            refund.failure = Some(failure.message.clone());
            if let Some(of) = refund.of_deposit {
                deposits::not_returned(scope, of).await?;
            }
        }
        Outcome::Pending | Outcome::Succeeded(_) => refund.state = RefundState::Pending,
        Outcome::Failed(_) => refund.state = RefundState::Unknown,
        Outcome::Unknown { reason } => {
            tracing::warn!(refund.id = %refund.id, %reason, "the provider gave no answer");
            refund.state = RefundState::Unknown;
        }
    }
    Ok(Refunds(scope).save(refund).await?)
}
