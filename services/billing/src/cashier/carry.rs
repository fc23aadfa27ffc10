//! Carrying cash to the bank.

use super::{
    CASH_CARRY, CASH_READ,
    deposits_repo::{CashDeposit, Deposits},
    domain::{Shift, ShiftState, carried_entry},
    moved::{CashMove, CashMoved},
    open::of_estate,
    repo::Shifts,
};
use crate::{
    estates,
    ids::{CashDepositId, CashierShiftId},
    ledger::{self, Account, Posting},
    payments::PayError,
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use ids::EstateId;
use money::Fen;
use serde::Serialize;

/// The longest number of a slip.
const MAX_SLIP: usize = 60;

/// Carry this much to the bank.
#[derive(Clone, Debug, Serialize)]
pub(super) struct CarryCash {
    pub estate: EstateId,
    /// Out of whose till; without one out of the estate's safe.
    pub shift: Option<CashierShiftId>,
    pub amount: Fen,
    pub slip: String,
}

/// Posts that cash left for the bank.
#[tracing::instrument(name = "usecase.cashier.carry", skip_all, fields(estate.id = %command.estate))]
pub(super) async fn carry(
    db: &Db,
    caller: &Caller,
    command: CarryCash,
    key: &IdempotencyKey,
) -> Result<CashDepositId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    estates::find(&scope, command.estate).await?.ok_or(Denied::Hidden)?;
    caller.act(CASH_CARRY, CASH_READ, command.estate)?;
    if let Some(shift) = command.shift {
        of_estate(&scope, shift, command.estate).await?;
    }
    drop(scope);
    if !command.amount.is_positive() {
        return Err(Invalid::new("amount", expected::above_zero()).into());
    }
    let slip = command.slip.trim().to_owned();
    if !(1..=MAX_SLIP).contains(&slip.chars().count()) {
        return Err(Invalid::new("slipNumber", expected::length(1, MAX_SLIP)).into());
    }
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "carry_cash", key, &input, move |scope| {
        Box::pin(async move {
            let estate = estates::find(scope, command.estate).await?.ok_or(Denied::Hidden)?;
            let shift = till(scope, &actor, &command).await?;
            let in_books = ledger::balance(scope, estate.id, Account::Cash).await?;
            enough(command.amount, in_books)?;
            let deposit = CashDeposit {
                id: CashDepositId::from_uuid(scope.new_id()),
                estate: estate.id,
                shift: command.shift,
                after_count: shift.as_ref().is_some_and(|shift| shift.state != ShiftState::Open),
                amount: command.amount,
                currency: estate.currency,
                slip,
                carried_by: actor.user(),
                carried_at: scope.now(),
                arrived_at: None,
            };
            insert(scope, &deposit).await?;
            if let Some(shift) = shift.filter(|shift| shift.state == ShiftState::Open) {
                let moved = CashMoved {
                    estate: estate.id,
                    person: shift.cashier,
                    kind: CashMove::Carried,
                    amount: -deposit.amount,
                    source: deposit.id.to_string(),
                };
                Shifts(scope).note(&moved, Some(shift.id)).await?;
            }
            let posting = Posting {
                estate: estate.id,
                entry: carried_entry(deposit.amount, deposit.currency)?,
                date: estate.today(scope.clock()),
                source: deposit.id.to_string(),
                memo: deposit.slip.clone(),
            };
            ledger::post(scope, posting).await?;
            let fact = AuditFact {
                action: "cash_deposit.carried",
                object: deposit.id.to_string(),
                estate: Some(estate.id),
                reason: None,
                detail: (deposit.amount, &deposit.slip),
            };
            audit(scope, &actor, fact).await?;
            Ok(deposit.id)
        })
    })
    .await
}

async fn insert(scope: &TenantScope, deposit: &CashDeposit) -> Result<(), PayError> {
    match Deposits(scope).insert(deposit).await {
        Err(error) if error.is_unique_violation() => {
            Err(Invalid::new("slipNumber", expected::unused()).into())
        }
        inserted => Ok(inserted?),
    }
}

/// The locked shift out of whose till the money is taken, if it has as much.
async fn till(
    scope: &TenantScope,
    actor: &Caller,
    command: &CarryCash,
) -> Result<Option<Shift>, PayError> {
    let Some(id) = command.shift else { return Ok(None) };
    let shift = Shifts(scope).lock(id).await?.ok_or(Denied::Hidden)?;
    let there = match (&shift.count, shift.state) {
        (_, ShiftState::Open) => {
            if shift.cashier != actor.user() {
                return Err(PayError::Conflict(say::own_shift_only()));
            }
            let moved = Shifts(scope).moved_in([shift.id]).await?;
            shift.float + moved.get(&shift.id).copied().unwrap_or(Fen::ZERO)
        }
        (Some(count), state) if state.is_signed() => {
            if Shifts(scope).is_taken_over(shift.id).await? {
                return Err(PayError::Conflict(say::taken_over_already()));
            }
            let carried = Deposits(scope).after_count([shift.id]).await?;
            count.amount - carried.get(&shift.id).copied().unwrap_or(Fen::ZERO)
        }
        _ => return Err(PayError::Conflict(say::count_not_signed())),
    };
    enough(command.amount, there)?;
    Ok(Some(shift))
}

fn enough(amount: Fen, there: Fen) -> Result<(), Invalid> {
    if amount <= there {
        return Ok(());
    }
    Err(Invalid::new("amount", say::not_that_much_cash(there.max(Fen::ZERO))))
}
