//! Posting what a payment, its refunds and its disputes cost at the provider.

use super::{domain, job::PAYOUTS, repo};
use crate::{
    cause::Cause,
    estates::{self, Estate},
    ids::PaymentId,
    ledger::{self, Posting},
    payments::{Channel, PayError, Payment, Payments},
};
use ::payments::{ReadError, SettlementKind, SettlementLine};
use authz::{AuditFact, Denied};
use db::{TenantScope, enqueue_job};
use ids::TenantId;

/// Asks the provider for the movements of a payment and posts those that are new; answers whether
/// the payment's own movement is among them, so that nothing is left to wait for.
///
/// # Errors
/// [`PayError::Provider`] when the provider does not answer: try again later.
pub(crate) async fn take_in(
    channel: &Channel,
    tenant: TenantId,
    id: PaymentId,
    cause: &Cause,
) -> Result<bool, PayError> {
    let scope = channel.db.read(tenant).await?;
    let payment = Payments(&scope).find(id).await?.ok_or(Denied::Hidden)?;
    drop(scope);
    let online = payment.online.as_ref().filter(|_| payment.state.received);
    let Some((merchant, paid)) =
        online.and_then(|o| Some((o.merchant, o.provider_payment.clone()?)))
    else {
        return Ok(true);
    };
    let (merchant_id, merchant) = (merchant, channel.merchant(tenant, merchant).await?);
    let lines = channel.provider.fees(&merchant, &paid).await.map_err(unread)?;
    let scope = channel.db.write(tenant).await?;
    let estate = estates::find(&scope, payment.estate).await?.ok_or(Denied::Hidden)?;
    for line in &lines {
        post(&scope, merchant.account(), &estate, &payment, line, cause).await?;
    }
    enqueue_job(&scope, PAYOUTS, merchant_id.as_uuid()).await?;
    scope.commit().await?;
    Ok(lines.iter().any(|line| line.kind == SettlementKind::Payment))
}

/// Posts a movement that belongs to a payment, unless it is posted already.
pub(super) async fn post(
    scope: &TenantScope,
    account: &str,
    estate: &Estate,
    payment: &Payment,
    line: &SettlementLine,
    cause: &Cause,
) -> Result<(), PayError> {
    if !domain::fits(line, estate.currency) {
        tracing::warn!(movement = line.id, "a movement in another currency is not posted");
        repo::keep(scope, account, line, None).await?;
        return Ok(());
    }
    if !repo::keep(scope, account, line, Some((payment.id, estate.id))).await? {
        return Ok(());
    }
    let entries = domain::entries(line)?;
    if entries.is_empty() {
        return Ok(());
    }
    for entry in entries {
        let posting = Posting {
            estate: estate.id,
            entry,
            date: estate.today(scope.clock()),
            source: payment.id.to_string(),
            memo: line.id.clone(),
        };
        ledger::post(scope, posting).await?;
    }
    let fact = AuditFact {
        action: "settlement.movement_posted",
        object: payment.id.to_string(),
        estate: Some(estate.id),
        reason: None,
        detail: serde_json::json!({ "movement": line.id, "gross": line.gross, "fee": line.fee }),
    };
    Ok(cause.audit(scope, fact).await?)
}

/// A question that the provider did not answer.
pub(super) fn unread(error: ReadError) -> PayError {
    PayError::Provider(error.to_string())
}
