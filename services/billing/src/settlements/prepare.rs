//! Preparing a settlement at leaving, looking at one before, and taking one back.

use super::{
    LEAVING_PREPARE, LEAVING_READ,
    command::Leave,
    domain::{LeavingState, Sheet},
    repo::{self, Leaving, Leavings},
    sheet::sheet,
};
use crate::{
    accounts::{self, BillingAccount},
    estates,
    ids::{BillingAccountId, LeavingId},
    ledger::Till,
    payments::{PayError, covers},
    say,
};
use authz::{AuditFact, Caller, Denied, EstateScope, Permission, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use money::Currency;

/// The account, and how far the caller may act on it.
pub(super) async fn may(
    scope: &TenantScope,
    caller: &Caller,
    permission: Permission,
    account: BillingAccountId,
) -> Result<(BillingAccount, EstateScope), PayError> {
    let account = accounts::find(scope, account).await?.ok_or(Denied::Hidden)?;
    let right = caller.act(permission, LEAVING_READ, account.estate)?;
    if covers(&right, &account) { Ok((account, right)) } else { Err(Denied::Hidden.into()) }
}

/// What a settlement would come to, without writing anything.
#[tracing::instrument(name = "usecase.settlements.preview", skip_all, fields(account.id = %command.account))]
pub(super) async fn preview(
    db: &Db,
    caller: &Caller,
    command: &Leave,
) -> Result<(Currency, Sheet), PayError> {
    let scope = db.read(caller.tenant()).await?;
    let account = accounts::find(&scope, command.account).await?.ok_or(Denied::Hidden)?;
    let right = caller.read(LEAVING_READ, account.estate)?;
    if !covers(&right, &account) {
        return Err(Denied::Hidden.into());
    }
    command.check(&scope, &account).await?;
    let estate = estates::find(&scope, account.estate).await?.ok_or(Denied::Hidden)?;
    let today = estate.today(scope.clock());
    Ok((estate.currency, sheet(&scope, (&estate, &account), command, Some(today)).await?))
}

/// Prepares a settlement; nothing moves before a second person approves it.
#[tracing::instrument(name = "usecase.settlements.prepare", skip_all, fields(account.id = %command.account))]
pub(super) async fn prepare(
    db: &Db,
    caller: &Caller,
    command: Leave,
    key: &IdempotencyKey,
) -> Result<LeavingId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let (account, _) = may(&scope, caller, LEAVING_PREPARE, command.account).await?;
    command.check(&scope, &account).await?;
    drop(scope);
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "prepare_leaving", key, &input, move |scope| {
        Box::pin(async move {
            let account = accounts::lock(scope, account.id).await?.ok_or(Denied::Hidden)?;
            if Leavings(scope).is_waiting(account.id).await? {
                return Err(PayError::Conflict(say::leaving_waits()));
            }
            let estate = estates::find(scope, account.estate).await?.ok_or(Denied::Hidden)?;
            let today = estate.today(scope.clock());
            let sheet = sheet(scope, (&estate, &account), &command, Some(today)).await?;
            let paid = repo::payments(scope, account.id).await?;
            let leaving = Leaving {
                id: LeavingId::from_uuid(scope.new_id()),
                estate: account.estate,
                account: account.id,
                command,
                sheet,
                state: LeavingState::Prepared,
                till: till(paid.first().map(|(till, _)| *till)),
                prepared_by: actor.user(),
                prepared_at: scope.now(),
                decided: None,
                decision: None,
                refunds: Vec::new(),
                bill: None,
                successor_bill: None,
                paid: None,
            };
            Leavings(scope).insert(&leaving).await?;
            let fact = AuditFact {
                action: "leaving.prepared",
                object: leaving.id.to_string(),
                estate: Some(leaving.estate),
                reason: None,
                detail: (leaving.account, leaving.sheet.net()),
            };
            audit(scope, &actor, fact).await?;
            Ok(leaving.id)
        })
    })
    .await
}

/// The channel of the rest: that of the last payment. What was paid online, or is not known, goes
/// back to the payer's bank account.
fn till(last: Option<Till>) -> Till {
    last.filter(|till| *till != Till::Online).unwrap_or(Till::Transfer)
}

/// Takes a settlement back that is not approved.
#[tracing::instrument(name = "usecase.settlements.cancel", skip_all, fields(leaving.id = %id))]
pub(super) async fn cancel(
    db: &Db,
    caller: &Caller,
    id: LeavingId,
    reason: &str,
    key: &IdempotencyKey,
) -> Result<LeavingId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let leaving = Leavings(&scope).find(id).await?.ok_or(Denied::Hidden)?;
    may(&scope, caller, LEAVING_PREPARE, leaving.account).await?;
    drop(scope);
    let reason = reason.trim().to_owned();
    if !(1..=500).contains(&reason.chars().count()) {
        return Err(Invalid::new("reason", expected::length(1, 500)).into());
    }
    let (actor, input) = (caller.clone(), (id, reason.clone()));
    keyed(db, caller, "cancel_leaving", key, &input, move |scope| {
        Box::pin(async move {
            accounts::lock(scope, leaving.account).await?.ok_or(Denied::Hidden)?;
            let mut leaving = Leavings(scope).find(id).await?.ok_or(Denied::Hidden)?;
            if leaving.state != LeavingState::Prepared {
                return Err(PayError::Conflict(say::leaving_decided()));
            }
            leaving.state = LeavingState::Cancelled;
            leaving.decided = Some((actor.user(), scope.now()));
            leaving.decision = Some(reason.clone());
            Leavings(scope).save(&leaving).await?;
            let fact = AuditFact {
                action: "leaving.cancelled",
                object: leaving.id.to_string(),
                estate: Some(leaving.estate),
                reason: Some(&reason),
                detail: leaving.sheet.net(),
            };
            audit(scope, &actor, fact).await?;
            Ok(id)
        })
    })
    .await
}
