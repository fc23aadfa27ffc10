//! Noting that the payer was told of a deduction.

use super::{Deductions, domain::Notice, may_on};
use crate::{
    deposits::{
        DEPOSIT_PROPOSE,
        access::{checked, lock},
    },
    estates,
    ids::DeductionId,
    payments::PayError,
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use chrono::NaiveDate;
use db::{Db, IdempotencyKey};
use errors::Invalid;
use serde::Serialize;

/// The notice was delivered.
#[derive(Clone, Debug, Serialize)]
pub(super) struct NotifyDeduction {
    pub deduction: DeductionId,
    /// On this day in the estate.
    pub delivered_on: NaiveDate,
    /// How, with the evidence.
    pub delivery: String,
}

/// Notes the delivery; the days to appeal count from it.
#[tracing::instrument(name = "usecase.deposits.notify_deduction", skip_all, fields(deduction.id = %command.deduction))]
pub(super) async fn notify(
    db: &Db,
    caller: &Caller,
    command: NotifyDeduction,
    key: &IdempotencyKey,
) -> Result<DeductionId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let (deduction, deposit, _) =
        may_on(&scope, caller, DEPOSIT_PROPOSE, command.deduction).await?;
    let estate = estates::find(&scope, deposit.estate).await?.ok_or(Denied::Hidden)?;
    let delivery = checked("delivery", &command.delivery, 500)?;
    let proposed_on = deduction.proposed_at.with_timezone(&estate.zone).date_naive();
    let today = estate.today(scope.clock());
    drop(scope);
    if command.delivered_on > today || command.delivered_on < proposed_on {
        return Err(Invalid::new("deliveredOn", say::between_days(proposed_on, today)).into());
    }
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "notify_deposit_deduction", key, &input, move |scope| {
        Box::pin(async move {
            let (_, deposit) = lock(scope, &deposit).await?;
            let found = Deductions(scope).find(command.deduction).await?;
            let mut deduction = found.ok_or(Denied::Hidden)?;
            if !deduction.state.is_open() {
                return Err(PayError::Conflict(say::deduction_ended()));
            }
            if deduction.notice.is_some() {
                return Err(PayError::Conflict(say::notice_delivered()));
            }
            let on = command.delivered_on;
            deduction.notice = Some(Notice { on, by: actor.user(), delivery });
            Deductions(scope).save(&deduction).await?;
            let fact = AuditFact {
                action: "deposit.deduction_notified",
                object: deposit.id.to_string(),
                estate: Some(deposit.estate),
                reason: None,
                detail: (deduction.id, on),
            };
            audit(scope, &actor, fact).await?;
            Ok(deduction.id)
        })
    })
    .await
}
