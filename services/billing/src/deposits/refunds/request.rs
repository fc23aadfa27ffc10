//! Asking for a refund of a deposit.

use super::{
    DepositRefunds,
    domain::{RefundState, RefundedDeposit},
};
use crate::{
    deposits::{
        DEPOSIT_PROPOSE, Deposit, Deposits,
        access::{checked, lock, may},
        deductions::Deductions,
    },
    estates::{self, Estate},
    ids::{DepositId, DepositRefundId},
    payments::PayError,
    say,
};
use authz::{AuditFact, Caller, Denied, UserId, audit, keyed};
use db::{Db, IdempotencyKey, StorageError, TenantScope};
use errors::{Invalid, expected};
use money::Fen;
use serde::Serialize;

/// Give this much of a deposit back.
#[derive(Clone, Debug, Serialize)]
pub(super) struct RequestDepositRefund {
    pub deposit: DepositId,
    pub amount: Fen,
    pub reason: String,
}

/// Asks for a refund; its money is spoken for from now on, and what is left is refundable.
#[tracing::instrument(name = "usecase.deposits.request_refund", skip_all, fields(deposit.id = %command.deposit))]
pub(super) async fn request(
    db: &Db,
    caller: &Caller,
    command: RequestDepositRefund,
    key: &IdempotencyKey,
) -> Result<DepositRefundId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let (deposit, _) = may(&scope, caller, DEPOSIT_PROPOSE, command.deposit).await?;
    drop(scope);
    let reason = checked("reason", &command.reason, 500)?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "request_deposit_refund", key, &input, move |scope| {
        Box::pin(async move {
            let estate = estates::find(scope, deposit.estate).await?.ok_or(Denied::Hidden)?;
            let (_, mut deposit) = lock(scope, &deposit).await?;
            let refund = RefundedDeposit {
                reason,
                ..asked(scope, &deposit, command.amount, actor.user()).await?
            };
            insert(scope, &estate, &mut deposit, &refund).await?;
            let fact = AuditFact {
                action: "deposit.refund_requested",
                object: deposit.id.to_string(),
                estate: Some(estate.id),
                reason: Some(&refund.reason),
                detail: (refund.id, refund.amount),
            };
            audit(scope, &actor, fact).await?;
            Ok(refund.id)
        })
    })
    .await
}

/// A refund of a locked deposit, as far as that much is free.
async fn asked(
    scope: &TenantScope,
    deposit: &Deposit,
    amount: Fen,
    by: UserId,
) -> Result<RefundedDeposit, PayError> {
    if !amount.is_positive() {
        return Err(Invalid::new("amount", expected::above_zero()).into());
    }
    let free = deposit.free(reserved(scope, deposit.id).await?);
    if amount > free {
        return Err(Invalid::new("amount", say::at_most(free)).into());
    }
    Ok(RefundedDeposit {
        id: DepositRefundId::from_uuid(scope.new_id()),
        deposit: deposit.id,
        amount,
        reason: String::new(),
        state: RefundState::Requested,
        requested_by: by,
        requested_at: scope.now(),
        decided: None,
        decision: None,
        paid: None,
    })
}

async fn insert(
    scope: &TenantScope,
    estate: &Estate,
    deposit: &mut Deposit,
    refund: &RefundedDeposit,
) -> Result<(), StorageError> {
    DepositRefunds(scope).insert(refund).await?;
    if deposit.refundable_since.is_none() {
        deposit.refundable_since = Some(estate.today(scope.clock()));
        Deposits(scope).save(deposit).await?;
    }
    Ok(())
}

/// What open deductions and refunds speak for of a deposit.
pub(crate) async fn reserved(scope: &TenantScope, deposit: DepositId) -> Result<Fen, StorageError> {
    let refunds = DepositRefunds(scope).of_deposits([deposit]).await?;
    let refunds: Fen = refunds.iter().filter(|one| one.state.is_open()).map(|one| one.amount).sum();
    Ok(refunds + Deductions(scope).open(deposit).await?)
}

/// A refund that is asked for and approved with something else, e.g. a settlement at leaving; its
/// account is locked. Whoever took the money cannot approve.
pub(crate) async fn approved(
    scope: &TenantScope,
    estate: &Estate,
    (deposit, amount): (DepositId, Fen),
    reason: String,
    (requested_by, approved_by): (UserId, UserId),
) -> Result<DepositRefundId, PayError> {
    let mut deposit = Deposits(scope).lock(deposit).await?.ok_or(Denied::Hidden)?;
    let taken_by = deposit.taken.as_ref().map(|taken| taken.by);
    if approved_by == requested_by || taken_by == Some(approved_by) {
        return Err(Denied::SamePerson(say::second_person_needed()).into());
    }
    let refund = RefundedDeposit {
        reason,
        state: RefundState::Approved,
        decided: Some((approved_by, scope.now())),
        ..asked(scope, &deposit, amount, requested_by).await?
    };
    insert(scope, estate, &mut deposit, &refund).await?;
    Ok(refund.id)
}
