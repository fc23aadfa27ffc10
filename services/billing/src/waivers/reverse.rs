//! Undoing a waiver that was granted wrongly.

use super::{
    decide::decidable,
    domain::{Waiver, WaiverState},
    repo,
};
use crate::{
    accounts,
    bills::{self, Bill, Means},
    error::{Refused, checked_reason},
    ids::{UserId, WaiverId},
    ledger::{self, ReverseError, Toward},
    payments::PayError,
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use serde::Serialize;

/// Undo this waiver.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ReverseWaiver {
    pub waiver: WaiverId,
    pub reason: String,
}

/// Undoes a granted waiver: so much is owed again.
#[tracing::instrument(name = "usecase.waivers.reverse", skip_all, fields(waiver.id = %command.waiver))]
pub(crate) async fn reverse(
    db: &Db,
    caller: &Caller,
    command: ReverseWaiver,
    key: &IdempotencyKey,
) -> Result<WaiverId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let (waiver, right) = decidable(&scope, caller, command.waiver).await?;
    drop(scope);
    let reason = checked_reason(&command.reason)?.to_owned();
    right.covers(waiver.amount)?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "reverse_waiver", key, &input, move |scope| {
        Box::pin(async move {
            accounts::lock(scope, waiver.account).await?.ok_or(Denied::Hidden)?;
            let mut waiver = repo::lock(scope, waiver.id).await?.ok_or(Denied::Hidden)?;
            if waiver.state != WaiverState::Granted {
                return Err(PayError::Conflict(say::waiver_not_granted()));
            }
            match waiver.of {
                Toward::LateFee => {
                    let amount = -waiver.amount;
                    bills::change_late_fee(scope, waiver.bill, Means::Waiver, amount).await?;
                }
                Toward::Principal => {
                    bills::change(scope, waiver.bill, Means::Waiver, waiver.amount, -1).await?;
                    undo_entry(scope, &waiver, &reason).await.map_err(storage)?;
                }
            }
            reversed(&mut waiver, &actor, scope, reason);
            repo::save(scope, &waiver).await?;
            let fact = AuditFact {
                action: "waiver.reversed",
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

/// Undoes what stands waived of a bill that is being voided; requests for it are refused.
pub(crate) async fn undo_with_bill(
    scope: &TenantScope,
    caller: &Caller,
    bill: &Bill,
    reason: &str,
) -> Result<(), Refused> {
    for mut waiver in repo::of_bills(scope, [bill.id]).await? {
        match waiver.state {
            WaiverState::Granted => {
                undo_entry(scope, &waiver, reason).await?;
                reversed(&mut waiver, caller, scope, reason.to_owned());
            }
            WaiverState::Requested => {
                waiver.state = WaiverState::Withdrawn;
                waiver.decision = Some(reason.to_owned());
            }
            WaiverState::Rejected | WaiverState::Withdrawn | WaiverState::Reversed => continue,
        }
        repo::save(scope, &waiver).await?;
    }
    Ok(())
}

async fn undo_entry(
    scope: &TenantScope,
    waiver: &Waiver,
    reason: &str,
) -> Result<(), ReverseError> {
    match waiver.entry {
        Some(entry) => ledger::reverse(scope, entry, reason).await.map(drop),
        None => Ok(()),
    }
}

fn storage(error: ReverseError) -> PayError {
    match error {
        ReverseError::Storage(error) => error.into(),
        other => PayError::Defect(other.to_string()),
    }
}

fn reversed(waiver: &mut Waiver, caller: &Caller, scope: &TenantScope, reason: String) {
    let by: UserId = caller.user();
    waiver.state = WaiverState::Reversed;
    waiver.reversed_by = Some(by);
    waiver.reversed_at = Some(scope.now());
    waiver.decision = Some(reason);
}
