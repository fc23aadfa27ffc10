//! Leaving a step out, with the reason.

use super::repo;
use crate::{
    accounts,
    dunning::{DUNNING_MANAGE, DUNNING_READ, domain::TaskState, right::act_on},
    error::{Refused, checked_reason},
    ids::DunningTaskId,
    say,
};
use authz::{AuditFact, Caller, Denied, audit};
use db::Db;

/// Skips an open task; its step is not asked for again.
#[tracing::instrument(name = "usecase.dunning.skip", skip_all, fields(task.id = %id))]
pub(crate) async fn skip(
    db: &Db,
    caller: &Caller,
    id: DunningTaskId,
    reason: &str,
) -> Result<(), Refused> {
    let scope = db.write(caller.tenant()).await?;
    let found = repo::find_task(&scope, id).await?.ok_or(Denied::Hidden)?;
    act_on(&scope, caller, found.account, (DUNNING_MANAGE, DUNNING_READ)).await?;
    let reason = checked_reason(reason)?;
    accounts::lock(&scope, found.account).await?.ok_or(Denied::Hidden)?;
    let task = repo::find_task(&scope, id).await?.ok_or(Denied::Hidden)?;
    if task.state != TaskState::Open {
        return Err(Refused::Conflict(say::dunning_task_over()));
    }
    repo::skipped(&scope, id, reason, caller.user()).await?;
    let fact = AuditFact {
        action: "dunning_task.skipped",
        object: id.to_string(),
        estate: Some(task.estate),
        reason: Some(reason),
        detail: serde_json::json!({ "step": task.step }),
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(())
}
