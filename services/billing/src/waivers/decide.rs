//! The second person: granting or rejecting a waiver.

use super::{
    WAIVER_APPROVE,
    domain::{Waiver, WaiverState},
    repo,
    request::owed,
};
use crate::{
    accounts,
    bills::{self, BILL_READ, Means},
    error::checked_reason,
    estates,
    ids::WaiverId,
    ledger::{self, Entry, Posting, Toward},
    payments::{PayError, covers},
    say,
};
use authz::{AuditFact, Caller, Denied, EstateScope, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use money::Fen;
use serde::Serialize;

/// Decide this waiver.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DecideWaiver {
    pub waiver: WaiverId,
    pub approve: bool,
    /// Why; must be given to reject.
    pub reason: Option<String>,
}

/// Grants or rejects a waiver that somebody else asked for.
#[tracing::instrument(name = "usecase.waivers.decide", skip_all, fields(waiver.id = %command.waiver))]
pub(crate) async fn decide(
    db: &Db,
    caller: &Caller,
    command: DecideWaiver,
    key: &IdempotencyKey,
) -> Result<WaiverId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let (waiver, right) = decidable(&scope, caller, command.waiver).await?;
    drop(scope);
    let reason = command.reason.as_deref().map(checked_reason).transpose()?;
    let reason = reason.map(str::to_owned);
    let (actor, input) = (caller.clone(), command.clone());
    let operation = if command.approve { "approve_waiver" } else { "reject_waiver" };
    keyed(db, caller, operation, key, &input, move |scope| {
        Box::pin(async move {
            accounts::lock(scope, waiver.account).await?.ok_or(Denied::Hidden)?;
            let mut waiver = repo::lock(scope, waiver.id).await?.ok_or(Denied::Hidden)?;
            let takers = repo::takers(scope, waiver.bill).await?;
            waiver.may_be_decided_by(actor.user(), &takers)?;
            if command.approve {
                right.covers(waiver.amount + granted(scope, &waiver).await?)?;
            }
            if waiver.state != WaiverState::Requested {
                return Err(PayError::Conflict(say::waiver_decided()));
            }
            waiver.decided_by = Some(actor.user());
            waiver.decided_at = Some(scope.now());
            waiver.decision = reason;
            waiver.state = WaiverState::Rejected;
            if command.approve {
                waiver.state = WaiverState::Granted;
                grant(scope, &mut waiver).await?;
            }
            repo::save(scope, &waiver).await?;
            let fact = AuditFact {
                action: if command.approve { "waiver.approved" } else { "waiver.rejected" },
                object: waiver.id.to_string(),
                estate: Some(waiver.estate),
                reason: waiver.decision.as_deref(),
                detail: (waiver.bill, waiver.of, waiver.amount),
            };
            audit(scope, &actor, fact).await?;
            Ok(waiver.id)
        })
    })
    .await
}

/// A waiver and the right of the caller to decide it.
pub(super) async fn decidable(
    scope: &TenantScope,
    caller: &Caller,
    id: WaiverId,
) -> Result<(Waiver, EstateScope), PayError> {
    let waiver = repo::find(scope, id).await?.ok_or(Denied::Hidden)?;
    let right = caller.act(WAIVER_APPROVE, BILL_READ, waiver.estate)?;
    let account = accounts::find(scope, waiver.account).await?.ok_or(Denied::Hidden)?;
    if covers(&right, &account) { Ok((waiver, right)) } else { Err(Denied::Hidden.into()) }
}

/// What else stands waived of the bill: a limit cannot be passed by waiving in parts.
async fn granted(scope: &TenantScope, waiver: &Waiver) -> Result<Fen, PayError> {
    let all = repo::of_bills(scope, [waiver.bill]).await?;
    let other = |it: &&Waiver| it.state == WaiverState::Granted && it.id != waiver.id;
    let standing = all.iter().filter(other);
    Ok(standing.map(|it| it.amount).sum())
}

/// So much less is owed from now on.
async fn grant(scope: &TenantScope, waiver: &mut Waiver) -> Result<(), PayError> {
    let bill = bills::find(scope, waiver.bill).await?.ok_or(Denied::Hidden)?;
    let estate = estates::find(scope, waiver.estate).await?.ok_or(Denied::Hidden)?;
    if waiver.amount > owed(scope, &estate, &bill, waiver.of).await? {
        return Err(PayError::Conflict(say::not_that_much_open()));
    }
    if waiver.of == Toward::LateFee {
        // Nothing of it is in the books until money meets it.
        bills::change_late_fee(scope, bill.id, Means::Waiver, waiver.amount).await?;
        return Ok(());
    }
    bills::change(scope, bill.id, Means::Waiver, waiver.amount, 1).await?;
    let posting = Posting {
        estate: estate.id,
        entry: Entry::waiver(waiver.account, waiver.amount, waiver.currency)?,
        date: estate.today(scope.clock()),
        source: waiver.id.to_string(),
        memo: waiver.reason.clone(),
    };
    waiver.entry = Some(ledger::post(scope, posting).await?);
    Ok(())
}
