//! Giving a task to somebody else, e.g. when its owner has left, and cancelling one.

use super::{
    MEETING_READ, MEETING_RECORD, TaskId,
    domain::{Task, TaskState},
    record::works_here,
    repo,
    tasks::{current, store},
};
use crate::Refused;
use authz::{Caller, PolicyStore, UserId};
use chrono::NaiveDate;
use db::{Db, TenantScope};
use errors::{expected, input};
use places::{estates, staff};

/// Who does a task from now on, and until when if that changes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reassign {
    pub owner: UserId,
    pub due: Option<NaiveDate>,
}

/// Gives an open task to somebody who works in the estate.
#[tracing::instrument(name = "usecase.meetings.reassign_task", skip_all, fields(task.id = %of.0))]
pub(super) async fn reassign(
    db: &Db,
    (caller, policy): (&Caller, &PolicyStore),
    of: (TaskId, i32),
    (to, reason): (Reassign, &str),
) -> Result<TaskId, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut task = held(&scope, caller, of, reason).await?;
    let known = staff::find(&scope, to.owner.as_uuid()).await?;
    let works = works_here(policy, caller, task.estate, to.owner);
    if !works || known.is_none_or(|colleague| !colleague.active) {
        return Err(Refused::invalid("ownerId", expected::existing()));
    }
    if let Some(due) = to.due {
        if due < estates::today(&scope, task.estate).await? {
            return Err(Refused::invalid("due", expected::not_before("today")));
        }
        task.due = due;
    }
    task.owner = to.owner;
    store(&scope, caller, (task, "desk_task.reassigned")).await?;
    scope.commit().await?;
    Ok(of.0)
}

/// Says that an open task is not to be done any more.
#[tracing::instrument(name = "usecase.meetings.cancel_task", skip_all, fields(task.id = %of.0))]
pub(super) async fn cancel(
    db: &Db,
    caller: &Caller,
    of: (TaskId, i32),
    reason: &str,
) -> Result<TaskId, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut task = held(&scope, caller, of, reason).await?;
    task.state = TaskState::Cancelled;
    store(&scope, caller, (task, "desk_task.cancelled")).await?;
    scope.commit().await?;
    Ok(of.0)
}

/// An open task that the caller may change, with the reason why.
async fn held(
    scope: &TenantScope,
    caller: &Caller,
    (id, version): (TaskId, i32),
    reason: &str,
) -> Result<Task, Refused> {
    let mut task = repo::task(scope, id).await?.ok_or_else(Refused::not_found)?;
    caller.act(MEETING_RECORD, MEETING_READ, task.estate)?;
    current(&task, version)?;
    task.must_be(TaskState::Open).map_err(Refused::Conflict)?;
    task.reason = Some(input::lines("reason", reason, 500)?);
    Ok(task)
}
