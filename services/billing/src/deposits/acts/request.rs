//! Asking for a deposit, and taking a wrong request back.

use crate::{
    accounts::{self, BillingAccount},
    deposits::{
        DEPOSIT_PROPOSE, DEPOSIT_READ, Deposit, Deposits,
        access::{checked, lock, may},
        domain::{DepositKind, DepositState},
    },
    estates,
    ids::{BillingAccountId, DepositId},
    payments::{PayError, covers},
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use chrono::NaiveDate;
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use money::{Currency, Fen};
use serde::Serialize;

/// Ask an account for a deposit.
#[derive(Clone, Debug, Serialize)]
pub(super) struct RequestDeposit {
    pub account: BillingAccountId,
    pub kind: DepositKind,
    pub amount: Fen,
    /// The agreement it is due under.
    pub agreement: String,
    pub expected_return: Option<NaiveDate>,
}

/// Asks for it; it is due from now on.
#[tracing::instrument(name = "usecase.deposits.request", skip_all, fields(account.id = %command.account))]
pub(super) async fn request(
    db: &Db,
    caller: &Caller,
    command: RequestDeposit,
    key: &IdempotencyKey,
) -> Result<DepositId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let account = accounts::find(&scope, command.account).await?.ok_or(Denied::Hidden)?;
    let right = caller.act(DEPOSIT_PROPOSE, DEPOSIT_READ, account.estate)?;
    if !covers(&right, &account) {
        return Err(Denied::Hidden.into());
    }
    drop(scope);
    if !command.amount.is_positive() {
        return Err(Invalid::new("amount", expected::above_zero()).into());
    }
    let agreement = checked("agreement", &command.agreement, 200)?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "request_deposit", key, &input, move |scope| {
        Box::pin(async move {
            let estate = estates::find(scope, account.estate).await?.ok_or(Denied::Hidden)?;
            let deposit = Deposit {
                agreement,
                expected_return: command.expected_return,
                requested_by: Some(actor.user()),
                ..due(scope, &account, command.kind, command.amount, estate.currency)
            };
            Deposits(scope).insert(&deposit).await?;
            let fact = AuditFact {
                action: "deposit.requested",
                object: deposit.id.to_string(),
                estate: Some(estate.id),
                reason: None,
                detail: (deposit.kind, deposit.amount),
            };
            audit(scope, &actor, fact).await?;
            Ok(deposit.id)
        })
    })
    .await
}

/// A deposit that nobody has paid yet.
pub(in crate::deposits) fn due(
    scope: &TenantScope,
    account: &BillingAccount,
    kind: DepositKind,
    amount: Fen,
    currency: Currency,
) -> Deposit {
    Deposit {
        id: DepositId::from_uuid(scope.new_id()),
        estate: account.estate,
        account: account.id,
        building: account.building,
        kind,
        amount,
        currency,
        agreement: String::new(),
        expected_return: None,
        origin: None,
        opening: None,
        requested_by: None,
        requested_at: scope.now(),
        cancelled: false,
        taken: None,
        deducted: Fen::ZERO,
        refunded: Fen::ZERO,
        refundable_since: None,
    }
}

/// Takes the request for a deposit back that nobody has paid yet.
#[tracing::instrument(name = "usecase.deposits.cancel", skip_all, fields(deposit.id = %id))]
pub(super) async fn cancel(
    db: &Db,
    caller: &Caller,
    id: DepositId,
    reason: &str,
    key: &IdempotencyKey,
) -> Result<DepositId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let (deposit, _) = may(&scope, caller, DEPOSIT_PROPOSE, id).await?;
    drop(scope);
    let reason = checked("reason", reason, 500)?;
    let (actor, input) = (caller.clone(), (id, reason.clone()));
    keyed(db, caller, "cancel_deposit", key, &input, move |scope| {
        Box::pin(async move {
            let (_, mut deposit) = lock(scope, &deposit).await?;
            if deposit.state() != DepositState::Due {
                return Err(PayError::Conflict(say::deposit_not_due()));
            }
            deposit.cancelled = true;
            Deposits(scope).save(&deposit).await?;
            let fact = AuditFact {
                action: "deposit.cancelled",
                object: deposit.id.to_string(),
                estate: Some(deposit.estate),
                reason: Some(&reason),
                detail: deposit.amount,
            };
            audit(scope, &actor, fact).await?;
            Ok(deposit.id)
        })
    })
    .await
}
