//! Voiding a wrong bill by reversal.

use super::{BILL_READ, BILL_VOID, Means, domain::Bill, history_repo, repo};
use crate::{
    accounts, arrears,
    error::{Refused, checked_reason},
    estates,
    ids::BillId,
    instalments,
    ledger::{self, Entry, Posting, Toward},
    say, settlements, waivers,
};
use authz::{AuditFact, Caller, Denied};
use db::{Db, Idempotency, IdempotencyKey, StorageError, TenantScope};
use money::Fen;

/// Voids a bill that no payment has met: its entry is reversed and what prepayment had settled of
/// it is prepaid again. Its days can be charged again only by a re-issue.
#[tracing::instrument(name = "usecase.bills.void", skip_all, fields(bill.id = %id))]
pub(crate) async fn void(
    db: &Db,
    caller: &Caller,
    id: BillId,
    reason: &str,
    key: &IdempotencyKey,
) -> Result<Bill, Refused> {
    match once(db, caller, id, reason, key).await {
        Err(refused) if refused.is_race() => once(db, caller, id, reason, key).await,
        done => done,
    }
}

async fn once(
    db: &Db,
    caller: &Caller,
    id: BillId,
    reason: &str,
    key: &IdempotencyKey,
) -> Result<Bill, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let bill = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    let permit = caller.act(BILL_VOID, BILL_READ, bill.estate)?;
    let reason = checked_reason(reason)?;
    let operation = format!("void_bill/{}", caller.user());
    let keyed = Idempotency::new(&scope, operation, key, &(id, reason))?;
    if let Some(id) = keyed.first_answer::<BillId>().await? {
        return Ok(repo::find(&scope, id).await?.ok_or(Denied::Hidden)?);
    }
    permit.covers(bill.total)?;
    // Whoever pays holds the account: the bill is read anew once nobody does.
    accounts::lock(&scope, bill.account).await?.ok_or(Denied::Hidden)?;
    let bill = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    if bill.voided_on.is_some() {
        return Err(Refused::Conflict(say::bill_voided()));
    }
    let estate = estates::find(&scope, bill.estate).await?.ok_or(Denied::Hidden)?;
    undo(&scope, caller, &estate, &bill, reason).await?;
    keyed.keep(&id).await?;
    let fact = AuditFact {
        action: "bill.voided",
        object: id.to_string(),
        estate: Some(bill.estate),
        reason: Some(reason),
        detail: serde_json::json!({ "total": bill.total }),
    };
    authz::audit(&scope, caller, fact).await?;
    let voided = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    scope.commit().await?;
    Ok(voided)
}

/// What money has met of the bill's late fee; an unpaid one goes with the bill.
async fn late_fee_paid(scope: &TenantScope, id: BillId) -> Result<Fen, StorageError> {
    let history = history_repo::history(scope, [id]).await?;
    let paid = history.values().flatten().filter(|it| {
        it.toward == Toward::LateFee && matches!(it.means, Means::Payment | Means::Prepayment)
    });
    Ok(paid.map(|it| it.amount).sum())
}

/// Undoes a standing bill whose account is held: its entry is reversed, and what prepayment had
/// settled of it is prepaid again.
///
/// # Errors
/// [`Refused::Conflict`] when a payment has met it, or something was agreed about it.
pub(crate) async fn undo(
    scope: &TenantScope,
    caller: &Caller,
    estate: &estates::Estate,
    bill: &Bill,
    reason: &str,
) -> Result<(), Refused> {
    if settlements::is_credited(scope, bill.id).await? {
        return Err(Refused::Conflict(say::bill_credited()));
    }
    let paid = bill.paid() - bill.prepaid + late_fee_paid(scope, bill.id).await?;
    if paid.is_positive() {
        return Err(Refused::Conflict(say::refund_first(paid)));
    }
    if instalments::is_planned(scope, estate, &[bill.id]).await? {
        return Err(Refused::Conflict(say::bill_in_plan()));
    }
    if bill.prepaid.is_positive() {
        give_back(scope, bill, estate, reason).await?;
    }
    waivers::undo_with_bill(scope, caller, bill, reason).await?;
    ledger::reverse(scope, bill.entry, reason).await?;
    repo::void(scope, bill.id, estate.today(scope.clock()), reason).await?;
    Ok(arrears::met(scope, bill.id).await?)
}

/// What prepayment had settled of the bill is prepaid again.
async fn give_back(
    scope: &TenantScope,
    bill: &Bill,
    estate: &estates::Estate,
    reason: &str,
) -> Result<(), Refused> {
    let applied = Entry::prepayment_applied(bill.account, bill.prepaid, estate.currency)
        .map_err(|error| StorageError::unreadable(error.to_string()))?;
    let posting = Posting {
        estate: bill.estate,
        entry: applied.reversal(),
        date: estate.today(scope.clock()),
        source: bill.id.to_string(),
        memo: reason.to_owned(),
    };
    ledger::post(scope, posting).await?;
    Ok(())
}
