//! Undoing opening balances as a whole, while nothing of them was paid or used.

use super::{
    OPENING_CONFIRM, OPENING_READ,
    domain::{OpeningKind, OpeningState, RowState},
    repo::{self, Opening},
    rows_repo::{self, OpeningRow},
};
use crate::{
    accounts, arrears, bills, deposits,
    error::{Refused, checked_reason},
    estates::{self, Estate},
    ids::{BillId, BillingAccountId, OpeningId},
    ledger::{self, Account},
    meters, say,
};
use authz::{AuditFact, Caller, Denied, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use money::Fen;
use std::collections::{BTreeMap, BTreeSet};

/// Reverses everything that was posted. A bill of which something is settled, a prepayment of which
/// something is gone, a deposit that moved since, and a reading after which something is charged
/// keep the whole from being reversed.
#[tracing::instrument(name = "usecase.opening_balances.reverse", skip_all, fields(opening.id = %id))]
pub(crate) async fn reverse(
    db: &Db,
    caller: &Caller,
    id: OpeningId,
    reason: &str,
    key: &IdempotencyKey,
) -> Result<OpeningId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let opening = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    drop(scope);
    caller.act(OPENING_CONFIRM, OPENING_READ, opening.estate)?;
    let (actor, reason) = (caller.clone(), checked_reason(reason)?.to_owned());
    let input = (id, reason.clone());
    keyed(db, caller, "reverse_opening", key, &input, move |scope| {
        Box::pin(async move { reversed(scope, &actor, id, &reason).await })
    })
    .await
}

async fn reversed(
    scope: &TenantScope,
    caller: &Caller,
    id: OpeningId,
    reason: &str,
) -> Result<OpeningId, Refused> {
    let mut opening = repo::lock(scope, id).await?.ok_or(Denied::Hidden)?;
    if opening.state != OpeningState::Posted {
        return Err(Refused::Conflict(say::opening_not_posted()));
    }
    let estate = estates::lock(scope, opening.estate).await?.ok_or(Denied::Hidden)?;
    let rows = rows_repo::in_state(scope, id, RowState::Posted).await?;
    undo(scope, (caller, &estate), &opening, rows, reason).await?;
    opening.state = OpeningState::Reversed;
    opening.reversed = Some((caller.user(), scope.now()));
    opening.reason = Some(reason.to_owned());
    repo::save(scope, &opening).await?;
    let fact = AuditFact {
        action: "opening_balance.reversed",
        object: id.to_string(),
        estate: Some(opening.estate),
        reason: Some(reason),
        detail: (),
    };
    authz::audit(scope, caller, fact).await?;
    Ok(id)
}

async fn undo(
    scope: &TenantScope,
    (caller, estate): (&Caller, &Estate),
    opening: &Opening,
    mut rows: Vec<OpeningRow>,
    reason: &str,
) -> Result<(), Refused> {
    // Whoever pays holds the account: nothing of it changes from here on.
    let accounts: BTreeSet<BillingAccountId> =
        rows.iter().filter_map(|row| row.given.account).collect();
    for account in accounts {
        accounts::lock(scope, account).await?.ok_or(Denied::Hidden)?;
    }
    unused(scope, estate, &rows).await?;
    let bills: BTreeSet<BillId> = rows.iter().filter_map(|row| row.bill).collect();
    for id in bills {
        let bill = bills::find(scope, id).await?.ok_or(Denied::Hidden)?;
        if bill.settled.is_positive() {
            return Err(Refused::Conflict(say::opening_used()));
        }
        if bill.voided_on.is_none() {
            ledger::reverse(scope, bill.entry, reason).await?;
            bills::mark_voided(scope, id, estate.today(scope.clock()), reason).await?;
            arrears::met(scope, id).await?;
        }
    }
    for row in &mut rows {
        if let Some(deposit) = row.deposit
            && !deposits::send_back(scope, deposit).await?
        {
            return Err(Refused::Conflict(say::opening_deposit_moved()));
        }
        if let Some(reading) = row.reading
            && !meters::take_back(scope, caller.user(), reading, reason).await?
        {
            return Err(Refused::Conflict(say::opening_reading_charged()));
        }
        if let Some(entry) = row.entry {
            ledger::reverse(scope, entry, reason).await?;
        }
        row.state = RowState::Reversed;
    }
    Ok(rows_repo::save(scope, opening, &rows).await?)
}

/// Refuses when less is left of what an account has paid ahead than was brought in.
async fn unused(scope: &TenantScope, estate: &Estate, rows: &[OpeningRow]) -> Result<(), Refused> {
    let mut brought: BTreeMap<BillingAccountId, Fen> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.given.kind == OpeningKind::Prepayment) {
        let Some(account) = row.given.account else { continue };
        *brought.entry(account).or_default() += row.given.amount;
    }
    for (account, amount) in brought {
        let liability = Account::PrepaymentLiability(account);
        if -ledger::balance(scope, estate.id, liability).await? < amount {
            return Err(Refused::Conflict(say::opening_used()));
        }
    }
    Ok(())
}
