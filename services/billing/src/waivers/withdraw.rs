//! Withdrawing the wish for a waiver.

use super::{WAIVER_REQUEST, domain::WaiverState, repo};
use crate::{
    accounts,
    bills::BILL_READ,
    error::checked_reason,
    ids::WaiverId,
    payments::{PayError, covers},
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey};
use serde::Serialize;

/// Withdraw this request.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct WithdrawWaiver {
    pub waiver: WaiverId,
    pub reason: String,
}

/// Withdraws a request that nobody has decided.
#[tracing::instrument(name = "usecase.waivers.withdraw", skip_all, fields(waiver.id = %command.waiver))]
pub(crate) async fn withdraw(
    db: &Db,
    caller: &Caller,
    command: WithdrawWaiver,
    key: &IdempotencyKey,
) -> Result<WaiverId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let waiver = repo::find(&scope, command.waiver).await?.ok_or(Denied::Hidden)?;
    let right = caller.act(WAIVER_REQUEST, BILL_READ, waiver.estate)?;
    let account = accounts::find(&scope, waiver.account).await?.ok_or(Denied::Hidden)?;
    if !covers(&right, &account) {
        return Err(Denied::Hidden.into());
    }
    drop(scope);
    let reason = checked_reason(&command.reason)?.to_owned();
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "withdraw_waiver", key, &input, move |scope| {
        Box::pin(async move {
            let mut waiver = repo::lock(scope, waiver.id).await?.ok_or(Denied::Hidden)?;
            if waiver.state != WaiverState::Requested {
                return Err(PayError::Conflict(say::waiver_decided()));
            }
            waiver.state = WaiverState::Withdrawn;
            waiver.decision = Some(reason);
            repo::save(scope, &waiver).await?;
            let fact = AuditFact {
                action: "waiver.withdrawn",
                object: waiver.id.to_string(),
                estate: Some(waiver.estate),
                reason: waiver.decision.as_deref(),
                detail: waiver.amount,
            };
            audit(scope, &actor, fact).await?;
            Ok(waiver.id)
        })
    })
    .await
}
