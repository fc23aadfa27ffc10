//! The second person: approving or rejecting an instalment plan.

use super::{
    PLAN_APPROVE,
    domain::{Plan, PlanState},
    repo,
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
use db::{Db, IdempotencyKey, TenantScope};
use serde::Serialize;

/// Decide this plan.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DecidePlan {
    pub plan: PlanId,
    pub approve: bool,
    /// Why; must be given to reject.
    pub reason: Option<String>,
}

/// Approves or rejects a plan that somebody else proposed.
#[tracing::instrument(name = "usecase.instalments.decide", skip_all, fields(plan.id = %command.plan))]
pub(crate) async fn decide(
    db: &Db,
    caller: &Caller,
    command: DecidePlan,
    key: &IdempotencyKey,
) -> Result<PlanId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let plan = repo::find(&scope, command.plan).await?.ok_or(Denied::Hidden)?;
    let right = caller.act(PLAN_APPROVE, BILL_READ, plan.estate)?;
    let account = accounts::find(&scope, plan.account).await?.ok_or(Denied::Hidden)?;
    if !covers(&right, &account) {
        return Err(Denied::Hidden.into());
    }
    drop(scope);
    let reason = command.reason.as_deref().map(checked_reason).transpose()?;
    let reason = reason.map(str::to_owned);
    let (actor, input) = (caller.clone(), command.clone());
    let operation =
        if command.approve { "approve_instalment_plan" } else { "reject_instalment_plan" };
    keyed(db, caller, operation, key, &input, move |scope| {
        Box::pin(async move {
            accounts::lock(scope, plan.account).await?.ok_or(Denied::Hidden)?;
            let mut plan = repo::lock(scope, plan.id).await?.ok_or(Denied::Hidden)?;
            if plan.proposed_by == actor.user() {
                return Err(Denied::SamePerson(say::proposer_cannot_agree()).into());
            }
            if plan.state != PlanState::Proposed {
                return Err(PayError::Conflict(say::plan_decided()));
            }
            if command.approve {
                in_time(scope, &plan).await?;
            }
            plan.state = if command.approve { PlanState::Agreed } else { PlanState::Rejected };
            plan.decided_by = Some(actor.user());
            plan.decided_at = Some(scope.now());
            plan.decision = reason;
            repo::save(scope, &plan).await?;
            let fact = AuditFact {
                action: if command.approve {
                    "instalment_plan.approved"
                } else {
                    "instalment_plan.rejected"
                },
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

/// A plan whose first day has passed was broken before it began.
async fn in_time(scope: &TenantScope, plan: &Plan) -> Result<(), PayError> {
    let estate = estates::find(scope, plan.estate).await?.ok_or(Denied::Hidden)?;
    let today = estate.today(scope.clock());
    if plan.instalments.first().is_none_or(|first| first.due < today) {
        return Err(PayError::Conflict(say::plan_too_late()));
    }
    Ok(())
}
