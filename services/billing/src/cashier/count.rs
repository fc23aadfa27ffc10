//! Counting one's own till.

use super::{
    CASH_READ, CASH_SHIFT,
    domain::{Count, Pieces, Shift, ShiftState, total},
    repo::Shifts,
};
use crate::{ids::CashierShiftId, payments::PayError, say};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use money::Fen;
use serde::Serialize;

/// The longest reason.
const MAX_REASON: usize = 500;

/// Count this shift.
#[derive(Clone, Debug, Serialize)]
pub(super) struct CountShift {
    pub shift: CashierShiftId,
    pub counted: Vec<Pieces>,
    /// Why it differs; must be given when it does.
    pub reason: Option<String>,
}

/// Ends the taking of money: what should be there is computed now, what the cashier moved outside
/// a shift included. Until somebody signs, it may be counted again.
#[tracing::instrument(name = "usecase.cashier.count", skip_all, fields(shift.id = %command.shift))]
pub(super) async fn count(
    db: &Db,
    caller: &Caller,
    command: CountShift,
    key: &IdempotencyKey,
) -> Result<CashierShiftId, PayError> {
    let shift = Shifts(&db.read(caller.tenant()).await?).find(command.shift).await?;
    let shift = shift.ok_or(Denied::Hidden)?;
    caller.act(CASH_SHIFT, CASH_READ, shift.estate)?;
    let reason = command.reason.as_deref().map(str::trim).unwrap_or_default().to_owned();
    if reason.chars().count() > MAX_REASON {
        return Err(Invalid::new("reason", expected::length(0, MAX_REASON)).into());
    }
    let amount = total(&command.counted, "counted")?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "count_cashier_shift", key, &input, move |scope| {
        Box::pin(async move {
            let mut shift = Shifts(scope).lock(command.shift).await?.ok_or(Denied::Hidden)?;
            if shift.cashier != actor.user() {
                return Err(PayError::Conflict(say::own_shift_only()));
            }
            if !matches!(shift.state, ShiftState::Open | ShiftState::Counted) {
                return Err(PayError::Conflict(say::count_signed()));
            }
            let expected = expected_of(scope, &shift).await?;
            let reason = Some(reason).filter(|reason| !reason.is_empty());
            if amount != expected && reason.is_none() {
                return Err(
                    Invalid::new("reason", say::difference_reason(amount - expected)).into()
                );
            }
            let pieces = command.counted;
            let count = Count { amount, expected, pieces, reason, at: scope.now() };
            let fact = AuditFact {
                action: "cashier_shift.counted",
                object: shift.id.to_string(),
                estate: Some(shift.estate),
                reason: count.reason.as_deref(),
                detail: (count.amount, count.expected),
            };
            audit(scope, &actor, fact).await?;
            shift.count = Some(count);
            shift.state = ShiftState::Counted;
            Shifts(scope).save(&shift).await?;
            Ok(shift.id)
        })
    })
    .await
}

/// What must be in the till of a locked shift; takes in what its cashier moved outside.
async fn expected_of(scope: &TenantScope, shift: &Shift) -> Result<Fen, PayError> {
    Shifts(scope).take_in_outside(shift).await?;
    let moved = Shifts(scope).moved_in([shift.id]).await?;
    Ok(shift.float + moved.get(&shift.id).copied().unwrap_or(Fen::ZERO))
}
