//! Finishing a task, by its owner, and verifying it, by somebody else.

use super::{
    MEETING_READ, MEETING_RECORD, TaskId,
    domain::{Task, TaskState, percent},
    repo, say,
};
use crate::{Refused, homes};
use authz::{AuditFact, Caller, Denied, audit};
use chrono::NaiveDate;
use db::{Db, TenantScope};
use errors::{expected, input};
use ids::EstateId;
use places::estates;

/// Says that a task of one's own is done.
#[tracing::instrument(name = "usecase.meetings.finish_task", skip_all, fields(task.id = %id))]
pub(super) async fn finish(
    db: &Db,
    caller: &Caller,
    (id, version): (TaskId, i32),
    result: &str,
) -> Result<TaskId, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut task = repo::task(&scope, id).await?.ok_or_else(Refused::not_found)?;
    caller.read(MEETING_READ, task.estate)?;
    caller.writable()?;
    if task.owner != caller.user() {
        return Err(Denied::Missing(MEETING_RECORD).into());
    }
    current(&task, version)?;
    task.must_be(TaskState::Open).map_err(Refused::Conflict)?;
    task.state = TaskState::Done;
    task.done_on = Some(estates::today(&scope, task.estate).await?);
    task.result = Some(input::lines("result", result, 500)?);
    store(&scope, caller, (task, "desk_task.done")).await?;
    scope.commit().await?;
    Ok(id)
}

/// Says whether a task that its owner calls done is done; if not, it is open again.
#[tracing::instrument(name = "usecase.meetings.verify_task", skip_all, fields(task.id = %id))]
pub(super) async fn verify(
    db: &Db,
    caller: &Caller,
    (id, version): (TaskId, i32),
    done: bool,
) -> Result<TaskId, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut task = repo::task(&scope, id).await?.ok_or_else(Refused::not_found)?;
    caller.act(MEETING_RECORD, MEETING_READ, task.estate)?;
    if task.owner == caller.user() {
        return Err(Denied::SamePerson(say::owner_cannot_verify()).into());
    }
    current(&task, version)?;
    task.must_be(TaskState::Done).map_err(Refused::Conflict)?;
    if done {
        task.state = TaskState::Verified;
        (task.verified_by, task.verified_at) = (Some(caller.user()), Some(scope.now()));
    } else {
        task.state = TaskState::Open;
        task.done_on = None;
    }
    store(&scope, caller, (task, "desk_task.verified")).await?;
    scope.commit().await?;
    Ok(id)
}

pub(super) fn current(task: &Task, version: i32) -> Result<(), Refused> {
    if task.version == version {
        Ok(())
    } else {
        Err(Refused::Conflict(crate::say::changed_meanwhile()))
    }
}

pub(super) async fn store(
    scope: &TenantScope,
    caller: &Caller,
    (mut task, action): (Task, &'static str),
) -> Result<(), Refused> {
    task.version += 1;
    if !repo::save(scope, &task).await? {
        return Err(Refused::Conflict(crate::say::changed_meanwhile()));
    }
    let fact = AuditFact {
        action,
        object: task.id.to_string(),
        estate: Some(task.estate),
        reason: task.reason.as_deref(),
        detail: task.state,
    };
    Ok(audit(scope, caller, fact).await?)
}

/// How many of an estate's tasks that were due in some days were done in time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    /// Those done, and those whose day has passed.
    pub counted: usize,
    pub on_time: usize,
    pub percent: usize,
}

/// The rate of tasks done in time.
pub(super) async fn rate(
    scope: &TenantScope,
    caller: &Caller,
    (estate, from, to): (EstateId, NaiveDate, NaiveDate),
) -> Result<Rate, Refused> {
    let right = caller.read(MEETING_READ, estate)?;
    if to < from {
        return Err(Refused::invalid("to", expected::not_before("from")));
    }
    let today = homes::of_right(scope, &right).await?.today(scope);
    let tasks = repo::due_in(scope, estate, (from, to)).await?;
    let known: Vec<bool> = tasks.iter().filter_map(|task| task.on_time(today)).collect();
    let on_time = known.iter().filter(|on_time| **on_time).count();
    Ok(Rate { counted: known.len(), on_time, percent: percent(on_time, known.len()) })
}
