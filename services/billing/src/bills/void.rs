//! Voiding a wrong bill by reversal.

use super::{BILL_READ, BILL_VOID, domain::Bill, repo};
use crate::{
    accounts,
    error::{Refused, checked_reason},
    estates,
    ids::BillId,
    ledger::{self, Entry, Posting},
    say, settlements,
};
use authz::{AuditFact, Caller, Denied};
use db::{Db, Idempotency, IdempotencyKey, StorageError, TenantScope};

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
    if settlements::is_credited(&scope, id).await? {
        return Err(Refused::Conflict(say::bill_credited()));
    }
    let paid = bill.settled - bill.prepaid;
    if paid.is_positive() {
        return Err(Refused::Conflict(say::refund_first(paid)));
    }
    let estate = estates::find(&scope, bill.estate).await?.ok_or(Denied::Hidden)?;
    let today = estate.today(scope.clock());
    if bill.prepaid.is_positive() {
        give_back(&scope, &bill, &estate, reason).await?;
    }
    ledger::reverse(&scope, bill.entry, reason).await?;
    repo::void(&scope, id, today, reason).await?;
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
