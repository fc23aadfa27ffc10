//! Asking that a debt is waived.

use super::{
    WAIVER_REQUEST,
    domain::{Waiver, WaiverState, checked_amount, checked_evidence},
    repo,
};
use crate::{
    accounts,
    bills::{self, BILL_READ, Bill},
    error::checked_reason,
    estates::{self, Estate},
    ids::{BillId, WaiverId},
    late_fees,
    ledger::Toward,
    payments::{PayError, covers},
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey, StorageError, TenantScope};
use money::Fen;
use serde::Serialize;

/// Waive so much of a bill.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RequestWaiver {
    pub bill: BillId,
    pub of: Toward,
    pub amount: Fen,
    pub reason: String,
    pub evidence: String,
}

/// Asks for a waiver; nothing changes until another person grants it.
#[tracing::instrument(name = "usecase.waivers.request", skip_all, fields(bill.id = %command.bill))]
pub(crate) async fn request(
    db: &Db,
    caller: &Caller,
    command: RequestWaiver,
    key: &IdempotencyKey,
) -> Result<WaiverId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let bill = bills::find(&scope, command.bill).await?.ok_or(Denied::Hidden)?;
    let right = caller.act(WAIVER_REQUEST, BILL_READ, bill.estate)?;
    let account = accounts::find(&scope, bill.account).await?.ok_or(Denied::Hidden)?;
    if !covers(&right, &account) {
        return Err(Denied::Hidden.into());
    }
    drop(scope);
    let reason = checked_reason(&command.reason)?.to_owned();
    let evidence = checked_evidence(&command.evidence)?.to_owned();
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "request_waiver", key, &input, move |scope| {
        Box::pin(async move {
            accounts::lock(scope, bill.account).await?.ok_or(Denied::Hidden)?;
            let bill = bills::find(scope, bill.id).await?.ok_or(Denied::Hidden)?;
            if bill.voided_on.is_some() {
                return Err(PayError::Conflict(say::bill_voided()));
            }
            let estate = estates::find(scope, bill.estate).await?.ok_or(Denied::Hidden)?;
            let owed = owed(scope, &estate, &bill, command.of).await?;
            let spoken_for = spoken_for(scope, &bill, command.of).await?;
            let waiver = Waiver {
                id: WaiverId::from_uuid(scope.new_id()),
                estate: estate.id,
                account: bill.account,
                bill: bill.id,
                of: command.of,
                amount: checked_amount(command.amount, owed - spoken_for)?,
                currency: estate.currency,
                reason,
                evidence,
                state: WaiverState::Requested,
                requested_by: actor.user(),
                requested_at: scope.now(),
                decided_by: None,
                decided_at: None,
                decision: None,
                reversed_by: None,
                reversed_at: None,
                entry: None,
            };
            repo::insert(scope, &waiver).await?;
            let fact = AuditFact {
                action: "waiver.requested",
                object: waiver.id.to_string(),
                estate: Some(estate.id),
                reason: Some(&waiver.reason),
                detail: (waiver.bill, waiver.of, waiver.amount),
            };
            audit(scope, &actor, fact).await?;
            Ok(waiver.id)
        })
    })
    .await
}

/// What is owed today of a bill's principal or late fee.
pub(super) async fn owed(
    scope: &TenantScope,
    estate: &Estate,
    bill: &Bill,
    of: Toward,
) -> Result<Fen, StorageError> {
    if of == Toward::Principal {
        return Ok(bill.outstanding());
    }
    let today = estate.today(scope.clock());
    let quotes = late_fees::quote(scope, estate, std::slice::from_ref(bill), today).await?;
    Ok(quotes.get(&bill.id).map_or(Fen::ZERO, |quote| quote.due))
}

/// What others have asked to be waived of the same and nobody has decided.
async fn spoken_for(scope: &TenantScope, bill: &Bill, of: Toward) -> Result<Fen, StorageError> {
    let waivers = repo::of_bills(scope, [bill.id]).await?;
    let waiting = |it: &&Waiver| it.of == of && it.state == WaiverState::Requested;
    Ok(waivers.iter().filter(waiting).map(|it| it.amount).sum())
}
