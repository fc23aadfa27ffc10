//! Recording a meeting.

use super::{
    MEETING_READ, MEETING_RECORD, MeetingId, TaskId,
    domain::{MOST, Meeting, MeetingKind, Task, TaskState},
    repo, say,
};
use crate::{Refused, homes};
use authz::{AuditFact, Caller, PolicyStore, UserId, audit, keyed};
use chrono::NaiveDate;
use db::{Db, IdempotencyKey, TenantScope};
use errors::{expected, input};
use ids::EstateId;
use places::staff;
use serde::Serialize;
use std::collections::BTreeSet;

/// What was decided: what, by whom and until when.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Decision {
    pub owner: UserId,
    pub text: String,
    pub due: NaiveDate,
}

/// A meeting that was held.
#[derive(Clone, Debug, Serialize)]
pub(super) struct RecordMeeting {
    pub estate: EstateId,
    pub kind: MeetingKind,
    pub held_on: NaiveDate,
    pub title: String,
    pub minutes: String,
    pub present: BTreeSet<UserId>,
    pub absent: BTreeSet<UserId>,
    pub decisions: Vec<Decision>,
}

/// Keeps the minutes, and a task for each decision.
#[tracing::instrument(name = "usecase.meetings.record", skip_all)]
pub(super) async fn record(
    db: &Db,
    (caller, policy): (&Caller, &PolicyStore),
    command: RecordMeeting,
    key: &IdempotencyKey,
) -> Result<MeetingId, Refused> {
    caller.act(MEETING_RECORD, MEETING_READ, command.estate)?;
    if !command.decisions.iter().all(|it| works_here(policy, caller, command.estate, it.owner)) {
        return Err(Refused::invalid("decisions.ownerId", expected::existing()));
    }
    let (actor, given) = (caller.clone(), command.clone());
    keyed(db, caller, "record_meeting", key, &given, move |scope| {
        Box::pin(async move {
            let estate = homes::estate(scope, command.estate).await?;
            if command.held_on > estate.today(scope) {
                return Err(Refused::invalid("heldOn", say::in_the_future()));
            }
            check_people(scope, &command).await?;
            let meeting = meeting(scope, &actor, &command)?;
            let tasks = tasks(scope, &meeting, &command.decisions)?;
            repo::insert(scope, &meeting, &tasks).await?;
            let fact = AuditFact {
                action: "meeting.recorded",
                object: meeting.id.to_string(),
                estate: Some(meeting.estate),
                reason: None,
                detail: tasks.len(),
            };
            audit(scope, &actor, fact).await?;
            Ok(meeting.id)
        })
    })
    .await
}

/// Whether somebody has a post in an estate; who has none could neither see nor finish a task there.
pub(super) fn works_here(
    policy: &PolicyStore,
    caller: &Caller,
    estate: EstateId,
    user: UserId,
) -> bool {
    policy.holders(caller.tenant(), estate).contains_key(&user)
}

async fn check_people(scope: &TenantScope, command: &RecordMeeting) -> Result<(), Refused> {
    if !(1..=MOST).contains(&command.present.len()) {
        return Err(Refused::invalid("presentIds", expected::items(1, MOST)));
    }
    if command.absent.len() > MOST {
        return Err(Refused::invalid("absentIds", expected::items(0, MOST)));
    }
    if !command.present.is_disjoint(&command.absent) {
        return Err(Refused::invalid("absentIds", say::present_and_absent()));
    }
    let owners: BTreeSet<_> = command.decisions.iter().map(|it| it.owner).collect();
    let all = command.present.iter().chain(&command.absent).chain(&owners);
    let known = staff::by_id(scope, all.map(|user| user.as_uuid())).await?;
    for (field, people) in [
        ("presentIds", &command.present),
        ("absentIds", &command.absent),
        ("decisions.ownerId", &owners),
    ] {
        if !people.iter().all(|user| known.contains_key(&user.as_uuid())) {
            return Err(Refused::invalid(field, expected::existing()));
        }
    }
    Ok(())
}

fn meeting(
    scope: &TenantScope,
    caller: &Caller,
    command: &RecordMeeting,
) -> Result<Meeting, Refused> {
    Ok(Meeting {
        id: MeetingId::from_uuid(scope.new_id()),
        estate: command.estate,
        kind: command.kind,
        held_on: command.held_on,
        title: input::text("title", &command.title, 100)?,
        minutes: input::lines("minutes", &command.minutes, 10_000)?,
        present: command.present.iter().copied().collect(),
        absent: command.absent.iter().copied().collect(),
        recorded_by: caller.user(),
        recorded_at: scope.now(),
    })
}

fn tasks(
    scope: &TenantScope,
    meeting: &Meeting,
    decisions: &[Decision],
) -> Result<Vec<Task>, Refused> {
    if decisions.len() > MOST {
        return Err(Refused::invalid("decisions", expected::items(0, MOST)));
    }
    let task = |it: &Decision| {
        if it.due < meeting.held_on {
            return Err(Refused::invalid("decisions.due", expected::not_before("heldOn")));
        }
        Ok(Task {
            id: TaskId::from_uuid(scope.new_id()),
            estate: meeting.estate,
            meeting: meeting.id,
            owner: it.owner,
            decision: input::lines("decisions.text", &it.text, 500)?,
            due: it.due,
            state: TaskState::Open,
            done_on: None,
            result: None,
            verified_by: None,
            verified_at: None,
            reason: None,
            version: 1,
        })
    };
    decisions.iter().map(task).collect()
}
