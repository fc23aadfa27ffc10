//! Locking a shift: finance accepts its difference, which is then posted.

use super::{
    CASH_CLOSE, CASH_READ,
    domain::{Shift, ShiftState, variance_entry},
    repo::Shifts,
};
use crate::{
    estates,
    ids::{CashierShiftId, EntryId},
    ledger::{self, Posting},
    payments::PayError,
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use money::Fen;

/// Locks a signed shift; neither the cashier nor who signed may.
#[tracing::instrument(name = "usecase.cashier.lock", skip_all, fields(shift.id = %id))]
pub(super) async fn lock(
    db: &Db,
    caller: &Caller,
    id: CashierShiftId,
    key: &IdempotencyKey,
) -> Result<CashierShiftId, PayError> {
    let shift = Shifts(&db.read(caller.tenant()).await?).find(id).await?.ok_or(Denied::Hidden)?;
    let right = caller.act(CASH_CLOSE, CASH_READ, shift.estate)?;
    let actor = caller.clone();
    keyed(db, caller, "lock_cashier_shift", key, &id, move |scope| {
        Box::pin(async move {
            let mut shift = Shifts(scope).lock(id).await?.ok_or(Denied::Hidden)?;
            let signer = shift.signed.map(|(user, _)| user);
            if shift.cashier == actor.user() || signer == Some(actor.user()) {
                return Err(Denied::SamePerson(say::counter_cannot_lock()).into());
            }
            if !matches!(shift.state, ShiftState::Balanced | ShiftState::Variance) {
                return Err(PayError::Conflict(match shift.state {
                    ShiftState::Locked => say::cashier_locked(),
                    _ => say::count_not_signed(),
                }));
            }
            let variance =
                shift.count.as_ref().map_or(Fen::ZERO, |count| count.amount - count.expected);
            right.covers(Fen(variance.0.abs()))?;
            shift.entry = post_variance(scope, &shift, variance).await?;
            shift.state = ShiftState::Locked;
            shift.locked = Some((actor.user(), scope.now()));
            Shifts(scope).save(&shift).await?;
            let reason = shift.count.as_ref().and_then(|count| count.reason.as_deref());
            let fact = AuditFact {
                action: "cashier_shift.locked",
                object: shift.id.to_string(),
                estate: Some(shift.estate),
                reason,
                detail: variance,
            };
            audit(scope, &actor, fact).await?;
            Ok(shift.id)
        })
    })
    .await
}

async fn post_variance(
    scope: &TenantScope,
    shift: &Shift,
    variance: Fen,
) -> Result<Option<EntryId>, PayError> {
    if variance.is_zero() {
        return Ok(None);
    }
    let estate = estates::find(scope, shift.estate).await?.ok_or(Denied::Hidden)?;
    let reason = shift.count.as_ref().and_then(|count| count.reason.clone());
    let posting = Posting {
        estate: estate.id,
        entry: variance_entry(variance, shift.currency)?,
        date: estate.today(scope.clock()),
        source: shift.id.to_string(),
        memo: reason.unwrap_or_default(),
    };
    Ok(Some(ledger::post(scope, posting).await?))
}
