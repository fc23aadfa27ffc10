//! The payer's appeal against a deduction, and its decision.

use super::{
    Deductions,
    decide::end,
    domain::{Appeal, DeductionState},
    may_on,
};
use crate::{
    deposits::{
        DEPOSIT_APPEAL, DEPOSIT_APPROVE,
        access::{checked, lock},
    },
    estates,
    ids::DeductionId,
    payments::PayError,
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey};
use serde::Serialize;

/// Appeals; nothing is kept until it is decided.
#[tracing::instrument(name = "usecase.deposits.appeal", skip_all, fields(deduction.id = %id))]
pub(super) async fn appeal(
    db: &Db,
    caller: &Caller,
    id: DeductionId,
    text: &str,
    key: &IdempotencyKey,
) -> Result<DeductionId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let (_, deposit, _) = may_on(&scope, caller, DEPOSIT_APPEAL, id).await?;
    drop(scope);
    let text = checked("text", text, 2000)?;
    let (actor, input) = (caller.clone(), (id, text.clone()));
    keyed(db, caller, "appeal_deposit_deduction", key, &input, move |scope| {
        Box::pin(async move {
            let estate = estates::find(scope, deposit.estate).await?.ok_or(Denied::Hidden)?;
            let (_, deposit) = lock(scope, &deposit).await?;
            let mut deduction = Deductions(scope).find(id).await?.ok_or(Denied::Hidden)?;
            let today = estate.today(scope.clock());
            deduction.may_be_appealed(today).map_err(PayError::Conflict)?;
            let (by, at) = (actor.user(), scope.now());
            deduction.appeal = Some(Appeal { text, by, at, decided: None });
            deduction.state = DeductionState::Appealed;
            Deductions(scope).save(&deduction).await?;
            let fact = AuditFact {
                action: "deposit.deduction_appealed",
                object: deposit.id.to_string(),
                estate: Some(estate.id),
                reason: None,
                detail: deduction.id,
            };
            audit(scope, &actor, fact).await?;
            Ok(id)
        })
    })
    .await
}

/// Decide this appeal.
#[derive(Clone, Debug, Serialize)]
pub(super) struct DecideAppeal {
    pub deduction: DeductionId,
    /// Whether the payer is right; then the deduction is given up.
    pub uphold: bool,
    pub reason: String,
}

/// Decides the appeal; whoever recorded the deduction cannot.
#[tracing::instrument(name = "usecase.deposits.decide_appeal", skip_all, fields(deduction.id = %command.deduction))]
pub(super) async fn decide_appeal(
    db: &Db,
    caller: &Caller,
    command: DecideAppeal,
    key: &IdempotencyKey,
) -> Result<DeductionId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let (_, deposit, right) = may_on(&scope, caller, DEPOSIT_APPROVE, command.deduction).await?;
    drop(scope);
    let reason = checked("reason", &command.reason, 500)?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "decide_deposit_appeal", key, &input, move |scope| {
        Box::pin(async move {
            let estate = estates::find(scope, deposit.estate).await?.ok_or(Denied::Hidden)?;
            let (_, deposit) = lock(scope, &deposit).await?;
            let found = Deductions(scope).find(command.deduction).await?;
            let mut deduction = found.ok_or(Denied::Hidden)?;
            if deduction.state != DeductionState::Appealed {
                return Err(PayError::Conflict(say::no_appeal()));
            }
            if deduction.proposed_by == actor.user() {
                return Err(Denied::SamePerson(say::deduction_second_person()).into());
            }
            right.covers(deduction.amount)?;
            if let Some(appeal) = &mut deduction.appeal {
                appeal.decided = Some((actor.user(), scope.now(), reason.clone()));
            }
            if command.uphold {
                end(scope, &actor, &estate, &mut deduction, Some(reason.clone()), None);
                deduction.state = DeductionState::Withdrawn;
            } else {
                deduction.state = DeductionState::AppealRejected;
            }
            Deductions(scope).save(&deduction).await?;
            let fact = AuditFact {
                action: if command.uphold {
                    "deposit.appeal_upheld"
                } else {
                    "deposit.appeal_rejected"
                },
                object: deposit.id.to_string(),
                estate: Some(estate.id),
                reason: Some(&reason),
                detail: (deduction.id, deduction.amount),
            };
            audit(scope, &actor, fact).await?;
            Ok(deduction.id)
        })
    })
    .await
}
