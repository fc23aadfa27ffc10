//! Another time, place or size of an event that residents know of.

use super::{
    CommunityEventId, EVENT_PLAN, EVENT_READ,
    act::refused,
    domain::{Event, Plan, Wrong},
    notes, repo, say,
    sign_up::move_up,
    tell,
};
use crate::{Refused, say as shared};
use authz::{AuditFact, Caller, audit, keyed};
use chrono::{DateTime, Utc};
use db::{Db, IdempotencyKey};
use errors::{expected, input};
use serde::Serialize;

/// What is otherwise than it was announced; what is left out stays.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Reschedule {
    pub event: CommunityEventId,
    pub expected_version: i32,
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
    pub closes_at: Option<DateTime<Utc>>,
    pub place: Option<String>,
    pub capacity: Option<u32>,
    pub reason: String,
}

impl Reschedule {
    fn of(&self, plan: &Plan) -> Plan {
        Plan {
            starts_at: self.starts_at.unwrap_or(plan.starts_at),
            ends_at: self.ends_at.unwrap_or(plan.ends_at),
            closes_at: self.closes_at.unwrap_or(plan.closes_at),
            place: self.place.clone().unwrap_or_else(|| plan.place.clone()),
            capacity: self.capacity.unwrap_or(plan.capacity),
            ..plan.clone()
        }
    }
}

/// Moves an announced event that has not begun, or makes room for more people; who signed up is told
/// with the reason, and whoever waits moves up where there is room now. Nobody loses a place.
#[tracing::instrument(name = "usecase.community_events.reschedule", skip_all, fields(event.id = %command.event))]
pub(super) async fn reschedule(
    db: &Db,
    caller: &Caller,
    command: Reschedule,
    key: &IdempotencyKey,
) -> Result<CommunityEventId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let event = repo::find(&scope, command.event).await?.ok_or_else(Refused::not_found)?;
    drop(scope);
    caller.act(EVENT_PLAN, EVENT_READ, event.estate)?;
    let (actor, wish) = (caller.clone(), command.clone());
    keyed(db, caller, "reschedule_community_event", key, &wish, move |scope| {
        Box::pin(async move {
            let found = repo::lock(scope, command.event).await?;
            let mut event = found.ok_or_else(Refused::not_found)?;
            if event.version != command.expected_version {
                return Err(Refused::Conflict(shared::changed_meanwhile()));
            }
            let reason = input::lines("reason", &command.reason, 500)?;
            changed(&mut event, &command, scope.now())?;
            if !repo::save(scope, &event).await? {
                return Err(Refused::Conflict(shared::changed_meanwhile()));
            }
            notes::rescheduled(scope, &event, &reason).await?;
            move_up(scope, &event).await?;
            tell::reminded_anew(scope, &event).await?;
            let fact = AuditFact {
                action: "community_event.rescheduled",
                object: event.id.to_string(),
                estate: Some(event.estate),
                reason: Some(&reason),
                detail: &event.details.plan,
            };
            audit(scope, &actor, fact).await?;
            Ok(event.id)
        })
    })
    .await
}

fn changed(event: &mut Event, command: &Reschedule, now: DateTime<Utc>) -> Result<(), Refused> {
    let before = &event.details.plan;
    if !event.is_to_come(now) {
        return Err(refused(Wrong::State(say::not_to_come())));
    }
    let plan = command.of(before).checked()?;
    if plan == *before {
        return Err(Refused::invalid("startsAt", say::nothing_changed()));
    }
    if plan.starts_at < now {
        return Err(Refused::invalid("startsAt", expected::not_before("now")));
    }
    if plan.capacity < before.capacity {
        return Err(Refused::invalid("capacity", say::places_stay(before.capacity.into())));
    }
    event.details.plan = plan;
    Ok(())
}
