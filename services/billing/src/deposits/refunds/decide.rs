//! The second person: approving or rejecting a refund of a deposit.

use super::{DepositRefunds, domain::RefundState, may_on};
use crate::{
    deposits::{
        DEPOSIT_APPROVE,
        access::{checked, lock},
    },
    ids::DepositRefundId,
    payments::PayError,
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey};
use serde::Serialize;

/// Decide this refund.
#[derive(Clone, Debug, Serialize)]
pub(super) struct DecideDepositRefund {
    pub refund: DepositRefundId,
    pub approve: bool,
    /// Why; must be given to reject.
    pub reason: Option<String>,
}

/// Approves or rejects; neither who asked for it nor who took the deposit can.
#[tracing::instrument(name = "usecase.deposits.decide_refund", skip_all, fields(refund.id = %command.refund))]
pub(super) async fn decide(
    db: &Db,
    caller: &Caller,
    command: DecideDepositRefund,
    key: &IdempotencyKey,
) -> Result<DepositRefundId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let (_, deposit, right) = may_on(&scope, caller, DEPOSIT_APPROVE, command.refund).await?;
    drop(scope);
    let decision = match (&command.reason, command.approve) {
        (None, true) => None,
        (reason, _) => Some(checked("reason", reason.as_deref().unwrap_or_default(), 500)?),
    };
    let (actor, input) = (caller.clone(), command.clone());
    let operation =
        if command.approve { "approve_deposit_refund" } else { "reject_deposit_refund" };
    keyed(db, caller, operation, key, &input, move |scope| {
        Box::pin(async move {
            let (_, deposit) = lock(scope, &deposit).await?;
            let found = DepositRefunds(scope).find(command.refund).await?;
            let mut refund = found.ok_or(Denied::Hidden)?;
            if refund.state != RefundState::Requested {
                return Err(PayError::Conflict(say::refund_decided()));
            }
            let taken_by = deposit.taken.as_ref().map(|taken| taken.by);
            if refund.requested_by == actor.user() || taken_by == Some(actor.user()) {
                return Err(Denied::SamePerson(say::second_person_needed()).into());
            }
            right.covers(refund.amount)?;
            refund.state =
                if command.approve { RefundState::Approved } else { RefundState::Rejected };
            refund.decided = Some((actor.user(), scope.now()));
            refund.decision = decision;
            DepositRefunds(scope).save(&refund).await?;
            let fact = AuditFact {
                action: if command.approve {
                    "deposit.refund_approved"
                } else {
                    "deposit.refund_rejected"
                },
                object: deposit.id.to_string(),
                estate: Some(deposit.estate),
                reason: refund.decision.as_deref(),
                detail: (refund.id, refund.amount),
            };
            audit(scope, &actor, fact).await?;
            Ok(refund.id)
        })
    })
    .await
}
