//! The second person: approving or rejecting a refund.

use super::{
    REFUND_APPROVE,
    follow_up::REFUND,
    post::post,
    repo::{Refund, RefundState, Refunds},
};
use crate::{
    accounts, estates,
    ids::RefundId,
    ledger::Till,
    payments::{PAYMENT_READ, PayError, Payment, Payments, RefundRequest, covers},
    say,
};
use authz::{AuditFact, Caller, Denied, EstateScope, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope, enqueue_job};
use errors::{Invalid, expected};
use money::Fen;
use serde::Serialize;

/// Decide this refund.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DecideRefund {
    pub refund: RefundId,
    pub approve: bool,
    /// Why; must be given to reject.
    pub reason: Option<String>,
}

/// Approves or rejects. An approved refund of counter money is paid out and posted at once; one of
/// online money is asked of the provider afterwards.
#[tracing::instrument(name = "usecase.refunds.decide", skip_all, fields(refund.id = %command.refund))]
pub(crate) async fn decide(
    db: &Db,
    caller: &Caller,
    command: DecideRefund,
    key: &IdempotencyKey,
) -> Result<RefundId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let refund = Refunds(&scope).find(command.refund).await?.ok_or(Denied::Hidden)?;
    let right = caller.act(REFUND_APPROVE, PAYMENT_READ, refund.estate)?;
    let account = accounts::find(&scope, refund.account).await?.ok_or(Denied::Hidden)?;
    if !covers(&right, &account) {
        return Err(Denied::Hidden.into());
    }
    drop(scope);
    if !command.approve && command.reason.as_deref().is_none_or(|text| text.trim().is_empty()) {
        return Err(Invalid::new("reason", expected::filled()).into());
    }
    let (actor, input) = (caller.clone(), command.clone());
    let operation = if command.approve { "approve_refund" } else { "reject_refund" };
    keyed(db, caller, operation, key, &input, move |scope| {
        Box::pin(async move {
            let mut payment = Payments(scope).lock(refund.payment).await?.ok_or(Denied::Hidden)?;
            let mut refund = Refunds(scope).lock(refund.id).await?.ok_or(Denied::Hidden)?;
            if refund.state != RefundState::Requested {
                return Err(PayError::Conflict(say::refund_decided()));
            }
            let approved = approved(scope, &payment).await?;
            may_decide(&actor, &right, &payment, (&refund, approved))?;
            refund.decided_by = Some(actor.user());
            refund.decided_at = Some(scope.now());
            refund.decision = command.reason.map(|text| text.trim().to_owned());
            let fact = AuditFact {
                action: if command.approve { "refund.approved" } else { "refund.rejected" },
                object: refund.id.to_string(),
                estate: Some(refund.estate),
                reason: refund.decision.as_deref(),
                detail: refund.amount,
            };
            audit(scope, &actor, fact).await?;
            if command.approve {
                carry_out(scope, &actor, &mut payment, &mut refund).await?;
            } else {
                refund.state = RefundState::Rejected;
                Refunds(scope).save(&refund).await?;
            }
            Ok(refund.id)
        })
    })
    .await
}

fn may_decide(
    caller: &Caller,
    right: &EstateScope,
    payment: &Payment,
    (refund, approved): (&Refund, Fen),
) -> Result<(), PayError> {
    if let Some(requested_by) = refund.requested_by {
        let request = RefundRequest {
            payment: payment.id,
            amount: refund.amount,
            reason: refund.reason.clone(),
            requested_by,
            taken_by: payment.taken_by,
        };
        request.may_be_approved_by(caller.user())?;
    }
    Ok(right.covers(refund.amount + approved)?)
}

/// What was approved of the payment before: a limit cannot be passed by paying back in parts.
async fn approved(scope: &TenantScope, payment: &Payment) -> Result<Fen, PayError> {
    let all = Refunds(scope).of_payments([payment.id]).await?;
    let standing = all.iter().filter(|refund| {
        refund.decided_by.is_some()
            && matches!(
                refund.state,
                RefundState::Pending | RefundState::Unknown | RefundState::Succeeded
            )
    });
    Ok(standing.map(|refund| refund.amount).sum())
}

async fn carry_out(
    scope: &TenantScope,
    caller: &Caller,
    payment: &mut Payment,
    refund: &mut Refund,
) -> Result<(), PayError> {
    if payment.till == Till::Online {
        refund.state = RefundState::Pending;
        Refunds(scope).save(refund).await?;
        return Ok(enqueue_job(scope, REFUND, refund.id.as_uuid()).await?);
    }
    let estate = estates::find(scope, payment.estate).await?.ok_or(Denied::Hidden)?;
    post(scope, &estate, payment, refund, false, Some(caller.user())).await
}
