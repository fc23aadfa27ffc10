//! The steps of an event, and who may take them.

use super::{
    CommunityEventId, EVENT_APPROVE, EVENT_PLAN, EVENT_READ,
    domain::{EventState, Report, Step, Wrong},
    notes, repo, say, sign_up_repo, tell,
};
use crate::{Refused, say as shared};
use authz::{AuditFact, Caller, Denied, Permission, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Invalid, input};
use serde::Serialize;

/// One step of an event that the caller has read.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Act {
    pub event: CommunityEventId,
    pub expected_version: i32,
    pub step: Step,
}

fn permission(step: &Step) -> Permission {
    if matches!(step, Step::Approve | Step::Return(_)) { EVENT_APPROVE } else { EVENT_PLAN }
}

fn action(step: &Step) -> &'static str {
    match step {
        Step::Propose => "community_event.proposed",
        Step::Approve => "community_event.approved",
        Step::Return(_) => "community_event.returned",
        Step::Announce => "community_event.announced",
        Step::Hold => "community_event.held",
        Step::Cancel(_) => "community_event.cancelled",
        Step::Summarise(_) => "community_event.summarised",
        Step::Archive => "community_event.archived",
    }
}

/// What people write, checked.
fn checked(step: Step) -> Result<Step, Invalid> {
    Ok(match step {
        Step::Return(reason) => Step::Return(input::lines("reason", &reason, 500)?),
        Step::Cancel(reason) => Step::Cancel(input::lines("reason", &reason, 500)?),
        Step::Summarise(report) => Step::Summarise(Report {
            summary: input::lines("summary", &report.summary, 5_000)?,
            effect: input::lines("effect", &report.effect, 2_000)?,
            lessons: input::lines("lessons", &report.lessons, 2_000)?,
        }),
        step => step,
    })
}

/// Why a step is refused, for whoever asked for it.
pub(super) fn refused(wrong: Wrong) -> Refused {
    match wrong {
        Wrong::State(text) => Refused::Conflict(text),
        Wrong::SamePerson => Denied::SamePerson(say::second_person()).into(),
    }
}

/// Takes a step.
#[tracing::instrument(name = "usecase.community_events.act", skip_all, fields(event.id = %command.event))]
pub(super) async fn act(
    db: &Db,
    caller: &Caller,
    command: Act,
    key: &IdempotencyKey,
) -> Result<CommunityEventId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let event = repo::find(&scope, command.event).await?.ok_or_else(Refused::not_found)?;
    drop(scope);
    caller.act(permission(&command.step), EVENT_READ, event.estate)?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, action(&command.step), key, &input, move |scope| {
        Box::pin(async move { taken(scope, &actor, command).await })
    })
    .await
}

async fn taken(
    scope: &TenantScope,
    caller: &Caller,
    Act { event, expected_version, step }: Act,
) -> Result<CommunityEventId, Refused> {
    let mut event = repo::lock(scope, event).await?.ok_or_else(Refused::not_found)?;
    if event.version != expected_version {
        return Err(Refused::Conflict(shared::changed_meanwhile()));
    }
    let step = checked(step)?;
    let (action, held) = (action(&step), step == Step::Hold);
    let reason = match &step {
        Step::Return(reason) | Step::Cancel(reason) => Some(reason.clone()),
        _ => None,
    };
    event.take(step, (caller.user(), scope.now())).map_err(refused)?;
    if held {
        event.details.revisit_rate = Some(notes::rate(scope, &event).await?);
    }
    if !repo::save(scope, &event).await? {
        return Err(Refused::Conflict(shared::changed_meanwhile()));
    }
    if held {
        sign_up_repo::close(scope, event.id).await?;
        notes::held(scope, &event).await?;
    }
    if event.state == EventState::Announced {
        tell::announced(scope, &event).await?;
    }
    if let (EventState::Cancelled, Some(reason)) = (event.state, &reason) {
        notes::cancelled(scope, &event, reason).await?;
    }
    let fact = AuditFact {
        action,
        object: event.id.to_string(),
        estate: Some(event.estate),
        reason: reason.as_deref(),
        detail: event.state,
    };
    audit(scope, caller, fact).await?;
    Ok(event.id)
}
