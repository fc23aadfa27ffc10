//! The second person confirms a deduction, or it is given up.

use super::{
    Deductions,
    domain::{Deduction, DeductionState, Ended},
    may_on,
};
use crate::{
    deposits::{
        DEPOSIT_APPROVE, DEPOSIT_PROPOSE, Deposits,
        access::{checked, lock},
        tell,
    },
    estates::{self, Estate},
    fees,
    ids::{DeductionId, EntryId, FeeItemId},
    ledger::{self, Account, Entry, Posting},
    payments::PayError,
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};

/// Confirms: the money leaves the deposit and is earned.
#[tracing::instrument(name = "usecase.deposits.confirm_deduction", skip_all, fields(deduction.id = %id))]
pub(super) async fn confirm(
    db: &Db,
    caller: &Caller,
    id: DeductionId,
    key: &IdempotencyKey,
) -> Result<DeductionId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let (_, deposit, right) = may_on(&scope, caller, DEPOSIT_APPROVE, id).await?;
    drop(scope);
    let actor = caller.clone();
    keyed(db, caller, "confirm_deposit_deduction", key, &id, move |scope| {
        Box::pin(async move {
            let estate = estates::find(scope, deposit.estate).await?.ok_or(Denied::Hidden)?;
            let (account, mut deposit) = lock(scope, &deposit).await?;
            let mut deduction = Deductions(scope).find(id).await?.ok_or(Denied::Hidden)?;
            if deduction.proposed_by == actor.user() {
                return Err(Denied::SamePerson(say::deduction_second_person()).into());
            }
            right.covers(deduction.amount)?;
            let today = estate.today(scope.clock());
            deduction.may_be_confirmed(today).map_err(PayError::Conflict)?;
            let (amount, income) = (deduction.amount, income(scope, deduction.item).await?);
            let posting = Posting {
                estate: estate.id,
                entry: Entry::deposit_deduction(account.id, income, amount, deposit.currency)?,
                date: today,
                source: deduction.id.to_string(),
                memo: deduction.reason.clone(),
            };
            let entry = ledger::post(scope, posting).await?;
            end(scope, &actor, &estate, &mut deduction, None, Some(entry));
            deduction.state = DeductionState::Confirmed;
            Deductions(scope).save(&deduction).await?;
            deposit.deducted += amount;
            Deposits(scope).save(&deposit).await?;
            let fact = AuditFact {
                action: "deposit.deduction_confirmed",
                object: deposit.id.to_string(),
                estate: Some(estate.id),
                reason: Some(&deduction.reason),
                detail: (deduction.id, amount),
            };
            audit(scope, &actor, fact).await?;
            tell::deducted(scope, &deposit, amount).await?;
            Ok(id)
        })
    })
    .await
}

/// What earns a deduction: its fee item, or else other income.
async fn income(scope: &TenantScope, item: Option<FeeItemId>) -> Result<Account, PayError> {
    let Some(item) = item else { return Ok(Account::OtherIncome) };
    let item = fees::repo::find_item(scope, item).await?.ok_or(Denied::Hidden)?;
    Ok(item.income_account())
}

/// Gives a deduction up that is not confirmed.
#[tracing::instrument(name = "usecase.deposits.withdraw_deduction", skip_all, fields(deduction.id = %id))]
pub(super) async fn withdraw(
    db: &Db,
    caller: &Caller,
    id: DeductionId,
    reason: &str,
    key: &IdempotencyKey,
) -> Result<DeductionId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let (_, deposit, _) = may_on(&scope, caller, DEPOSIT_PROPOSE, id).await?;
    drop(scope);
    let reason = checked("reason", reason, 500)?;
    let (actor, input) = (caller.clone(), (id, reason.clone()));
    keyed(db, caller, "withdraw_deposit_deduction", key, &input, move |scope| {
        Box::pin(async move {
            let estate = estates::find(scope, deposit.estate).await?.ok_or(Denied::Hidden)?;
            let (_, deposit) = lock(scope, &deposit).await?;
            let mut deduction = Deductions(scope).find(id).await?.ok_or(Denied::Hidden)?;
            if !deduction.state.is_open() {
                return Err(PayError::Conflict(say::deduction_ended()));
            }
            end(scope, &actor, &estate, &mut deduction, Some(reason.clone()), None);
            deduction.state = DeductionState::Withdrawn;
            Deductions(scope).save(&deduction).await?;
            let fact = AuditFact {
                action: "deposit.deduction_withdrawn",
                object: deposit.id.to_string(),
                estate: Some(estate.id),
                reason: Some(&reason),
                detail: (deduction.id, deduction.amount),
            };
            audit(scope, &actor, fact).await?;
            Ok(id)
        })
    })
    .await
}

/// Notes who ended a deduction, and when.
pub(super) fn end(
    scope: &TenantScope,
    caller: &Caller,
    estate: &Estate,
    deduction: &mut Deduction,
    reason: Option<String>,
    entry: Option<EntryId>,
) {
    let (by, on, at) = (caller.user(), estate.today(scope.clock()), scope.now());
    deduction.ended = Some(Ended { by, on, at, reason, entry });
}
