//! Opening a shift, with a float or with what the shift before left.

use super::{
    CASH_READ, CASH_SHIFT,
    deposits_repo::Deposits,
    domain::{Pieces, Shift, ShiftState, total},
    repo::Shifts,
};
use crate::{estates, ids::CashierShiftId, payments::PayError, say};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use ids::EstateId;
use money::Fen;
use serde::Serialize;

/// The longest name of a desk.
const MAX_DESK: usize = 60;

/// Open a shift here.
#[derive(Clone, Debug, Serialize)]
pub(super) struct OpenShift {
    pub estate: EstateId,
    pub desk: String,
    pub float: Vec<Pieces>,
    /// The signed shift whose cash is taken over.
    pub takes_over: Option<CashierShiftId>,
}

/// Opens a shift for the caller; somebody has one at a time in an estate.
#[tracing::instrument(name = "usecase.cashier.open", skip_all, fields(estate.id = %command.estate))]
pub(super) async fn open(
    db: &Db,
    caller: &Caller,
    command: OpenShift,
    key: &IdempotencyKey,
) -> Result<CashierShiftId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    estates::find(&scope, command.estate).await?.ok_or(Denied::Hidden)?;
    caller.act(CASH_SHIFT, CASH_READ, command.estate)?;
    if let Some(before) = command.takes_over {
        of_estate(&scope, before, command.estate).await?;
    }
    drop(scope);
    let desk = command.desk.trim().to_owned();
    if !(1..=MAX_DESK).contains(&desk.chars().count()) {
        return Err(Invalid::new("desk", expected::length(1, MAX_DESK)).into());
    }
    let float = total(&command.float, "float")?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "open_cashier_shift", key, &input, move |scope| {
        Box::pin(async move {
            let estate = estates::find(scope, command.estate).await?.ok_or(Denied::Hidden)?;
            if Shifts(scope).open_of(estate.id, actor.user()).await?.is_some() {
                return Err(PayError::Conflict(say::cashier_open_already()));
            }
            if let Some(before) = command.takes_over {
                take_over(scope, &actor, before, float).await?;
            }
            let shift = Shift {
                id: CashierShiftId::from_uuid(scope.new_id()),
                estate: estate.id,
                desk,
                cashier: actor.user(),
                currency: estate.currency,
                state: ShiftState::Open,
                float,
                float_pieces: command.float,
                opened_at: scope.now(),
                takes_over: command.takes_over,
                count: None,
                signed: None,
                locked: None,
                entry: None,
            };
            insert(scope, &shift).await?;
            let fact = AuditFact {
                action: "cashier_shift.opened",
                object: shift.id.to_string(),
                estate: Some(estate.id),
                reason: None,
                detail: (&shift.desk, shift.float, shift.takes_over.map(|id| id.to_string())),
            };
            audit(scope, &actor, fact).await?;
            Ok(shift.id)
        })
    })
    .await
}

/// Somebody else may have been a moment earlier: the indexes say so.
async fn insert(scope: &TenantScope, shift: &Shift) -> Result<(), PayError> {
    match Shifts(scope).insert(shift).await {
        Err(error) if error.is_unique_violation() => {
            Err(PayError::Conflict(say::cashier_open_already()))
        }
        inserted => Ok(inserted?),
    }
}

async fn take_over(
    scope: &TenantScope,
    actor: &Caller,
    before: CashierShiftId,
    float: Fen,
) -> Result<(), PayError> {
    let before = Shifts(scope).lock(before).await?.ok_or(Denied::Hidden)?;
    if before.cashier == actor.user() {
        return Err(Denied::SamePerson(say::handover_needs_two()).into());
    }
    let count = before.count.as_ref().filter(|_| before.state.is_signed());
    let count = count.ok_or_else(|| PayError::Conflict(say::count_not_signed()))?;
    if Shifts(scope).is_taken_over(before.id).await? {
        return Err(PayError::Conflict(say::taken_over_already()));
    }
    let carried = Deposits(scope).after_count([before.id]).await?;
    let left = count.amount - carried.get(&before.id).copied().unwrap_or(Fen::ZERO);
    if float == left {
        return Ok(());
    }
    Err(Invalid::new("float", say::float_differs(left)).into())
}

/// The shift, if it is of this estate.
pub(super) async fn of_estate(
    scope: &TenantScope,
    id: CashierShiftId,
    estate: EstateId,
) -> Result<Shift, PayError> {
    let shift = Shifts(scope).find(id).await?.filter(|shift| shift.estate == estate);
    shift.ok_or_else(|| Denied::Hidden.into())
}
