//! Undoing a payment that was booked for the wrong account, without money going anywhere.

use super::{
    post::post,
    repo::{Refund, Refunds},
};
use crate::{
    estates,
    ids::{PaymentId, RefundId},
    payments::{PayError, Payments},
    say,
};
use authz::{AuditFact, Caller, Denied, audit};
use db::TenantScope;
use money::Fen;

/// Takes a whole payment back out of its account: its bills are owed again, and a receipt says so.
/// The money itself stays where it is, and the caller says what it is instead.
///
/// # Errors
/// [`PayError::Conflict`] when a part of it went back or is asked back, or what was paid ahead has
/// been used.
pub(crate) async fn take_back(
    scope: &TenantScope,
    actor: &Caller,
    id: PaymentId,
    reason: &str,
) -> Result<(RefundId, Fen), PayError> {
    let mut payment = Payments(scope).lock(id).await?.ok_or(Denied::Hidden)?;
    let refunds = Refunds(scope).of_payments([id]).await?;
    let asked_back = refunds.iter().any(|refund| refund.state.is_reserved());
    if asked_back || !payment.state.refunded.is_zero() {
        return Err(PayError::Conflict(say::bank_refunded_already()));
    }
    let estate = estates::find(scope, payment.estate).await?.ok_or(Denied::Hidden)?;
    let mut refund = Refund {
        requested_by: Some(actor.user()),
        ..Refund::new(scope, &payment, payment.left(), reason.to_owned())
    };
    Refunds(scope).insert(&refund).await?;
    post(scope, &estate, &mut payment, &mut refund, false, Some(actor.user())).await?;
    let fact = AuditFact {
        action: "refund.taken_back",
        object: refund.id.to_string(),
        estate: Some(estate.id),
        reason: Some(reason),
        detail: refund.amount,
    };
    audit(scope, actor, fact).await?;
    Ok((refund.id, refund.amount))
}
