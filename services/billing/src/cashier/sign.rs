//! The second signature below a count.

use super::{
    CASH_COUNT, CASH_READ,
    domain::{Shift, ShiftState},
    repo::Shifts,
};
use crate::{ids::CashierShiftId, payments::PayError, say};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey};
use errors::Invalid;
use money::Fen;
use serde::Serialize;

/// Sign the count of this shift.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SignShift {
    pub shift: CashierShiftId,
    /// What the second person counted.
    pub counted: Fen,
}

/// Signs that the money is what the cashier counted. From here on the count stands.
#[tracing::instrument(name = "usecase.cashier.sign", skip_all, fields(shift.id = %command.shift))]
pub(super) async fn sign(
    db: &Db,
    caller: &Caller,
    command: SignShift,
    key: &IdempotencyKey,
) -> Result<CashierShiftId, PayError> {
    let shift = Shifts(&db.read(caller.tenant()).await?).find(command.shift).await?;
    let shift = shift.ok_or(Denied::Hidden)?;
    caller.act(CASH_COUNT, CASH_READ, shift.estate)?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "sign_cashier_shift", key, &input, move |scope| {
        Box::pin(async move {
            let mut shift = Shifts(scope).lock(command.shift).await?.ok_or(Denied::Hidden)?;
            may_sign(&shift, &actor)?;
            let count = shift.count.as_ref().filter(|_| shift.state == ShiftState::Counted);
            let count = count.ok_or_else(|| PayError::Conflict(say::nothing_to_sign()))?;
            if count.amount != command.counted {
                return Err(Invalid::new("counted", say::count_differs(count.amount)).into());
            }
            let fact = AuditFact {
                action: "cashier_shift.signed",
                object: shift.id.to_string(),
                estate: Some(shift.estate),
                reason: count.reason.as_deref(),
                detail: count.variance(),
            };
            audit(scope, &actor, fact).await?;
            shift.state = count.signed_state();
            shift.signed = Some((actor.user(), scope.now()));
            Shifts(scope).save(&shift).await?;
            Ok(shift.id)
        })
    })
    .await
}

fn may_sign(shift: &Shift, actor: &Caller) -> Result<(), Denied> {
    if shift.cashier == actor.user() {
        return Err(Denied::SamePerson(say::handover_needs_two()));
    }
    Ok(())
}
