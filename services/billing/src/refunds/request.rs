//! Asking for a refund.

use super::{
    REFUND_REQUEST,
    repo::{Refund, Refunds},
};
use crate::{
    accounts, estates,
    ids::{PaymentId, RefundId},
    payments::{PAYMENT_READ, PayError, Payments, RefundRequest, covers},
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey};
use errors::{Invalid, expected};
use money::Fen;
use serde::Serialize;

/// The longest reason.
const MAX_REASON: usize = 500;

/// Give this much of a payment back.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RequestRefund {
    pub payment: PaymentId,
    pub amount: Fen,
    pub reason: String,
}

/// Asks for a refund; its money is spoken for from now on.
#[tracing::instrument(name = "usecase.refunds.request", skip_all, fields(payment.id = %command.payment))]
pub(crate) async fn request(
    db: &Db,
    caller: &Caller,
    command: RequestRefund,
    key: &IdempotencyKey,
) -> Result<RefundId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let payment = Payments(&scope).find(command.payment).await?.ok_or(Denied::Hidden)?;
    let right = caller.act(REFUND_REQUEST, PAYMENT_READ, payment.estate)?;
    let account = accounts::find(&scope, payment.account).await?.ok_or(Denied::Hidden)?;
    if !covers(&right, &account) {
        return Err(Denied::Hidden.into());
    }
    drop(scope);
    if command.reason.chars().count() > MAX_REASON {
        return Err(Invalid::new("reason", expected::length(1, MAX_REASON)).into());
    }
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "request_refund", key, &input, move |scope| {
        Box::pin(async move {
            let payment = Payments(scope).lock(command.payment).await?.ok_or(Denied::Hidden)?;
            if payment.held_as().is_some() {
                return Err(PayError::Conflict(say::refund_the_deposit()));
            }
            let estate = estates::find(scope, payment.estate).await?.ok_or(Denied::Hidden)?;
            let earlier = Refunds(scope).of_payments([payment.id]).await?;
            let reserved: Fen = earlier
                .iter()
                .filter(|refund| refund.state.is_reserved())
                .map(|refund| refund.amount)
                .sum();
            let request = RefundRequest {
                payment: payment.id,
                amount: command.amount,
                reason: command.reason,
                requested_by: actor.user(),
                taken_by: payment.taken_by,
            };
            let request = request.checked(payment.left() - reserved)?;
            let reason = request.reason.trim().to_owned();
            let refund = Refund {
                requested_by: Some(actor.user()),
                ..Refund::new(scope, &payment, request.amount, reason)
            };
            Refunds(scope).insert(&refund).await?;
            let fact = AuditFact {
                action: "refund.requested",
                object: refund.id.to_string(),
                estate: Some(estate.id),
                reason: Some(&refund.reason),
                detail: refund.amount,
            };
            audit(scope, &actor, fact).await?;
            Ok(refund.id)
        })
    })
    .await
}
