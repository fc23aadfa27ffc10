//! Giving an instalment plan up.

use super::{
    PLAN_PROPOSE,
    domain::{PlanState, PlanStatus},
    repo,
    standing::Paid,
};
use crate::{
    accounts,
    bills::BILL_READ,
    error::checked_reason,
    estates,
    ids::PlanId,
    payments::{PayError, covers},
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey};
use serde::Serialize;

/// Give this plan up.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CancelPlan {
    pub plan: PlanId,
    pub reason: String,
}

/// Gives up a plan that waits for a decision or is being paid; late fees grow again from tomorrow
/// on.
#[tracing::instrument(name = "usecase.instalments.cancel", skip_all, fields(plan.id = %command.plan))]
pub(crate) async fn cancel(
    db: &Db,
    caller: &Caller,
    command: CancelPlan,
    key: &IdempotencyKey,
) -> Result<PlanId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let plan = repo::find(&scope, command.plan).await?.ok_or(Denied::Hidden)?;
    let right = caller.act(PLAN_PROPOSE, BILL_READ, plan.estate)?;
    let account = accounts::find(&scope, plan.account).await?.ok_or(Denied::Hidden)?;
    if !covers(&right, &account) {
        return Err(Denied::Hidden.into());
    }
    drop(scope);
    let reason = checked_reason(&command.reason)?.to_owned();
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "cancel_instalment_plan", key, &input, move |scope| {
        Box::pin(async move {
            accounts::lock(scope, plan.account).await?.ok_or(Denied::Hidden)?;
            let mut plan = repo::lock(scope, plan.id).await?.ok_or(Denied::Hidden)?;
            let estate = estates::find(scope, plan.estate).await?.ok_or(Denied::Hidden)?;
            let today = estate.today(scope.clock());
            let paid = Paid::of(scope, std::slice::from_ref(&plan)).await?;
            let status = paid.standing(&plan, &estate, today).status;
            if !matches!(status, PlanStatus::Proposed | PlanStatus::Agreed) {
                return Err(PayError::Conflict(say::plan_decided()));
            }
            plan.state = PlanState::Cancelled;
            plan.cancelled_on = Some(today);
            plan.decision = Some(reason);
            repo::save(scope, &plan).await?;
            let fact = AuditFact {
                action: "instalment_plan.cancelled",
                object: plan.id.to_string(),
                estate: Some(plan.estate),
                reason: plan.decision.as_deref(),
                detail: plan.total(),
            };
            audit(scope, &actor, fact).await?;
            Ok(plan.id)
        })
    })
    .await
}
