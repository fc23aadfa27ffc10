//! Planning an event, and planning it otherwise until residents know of it.

use super::{
    CommunityEventId, EVENT_PLAN, EVENT_READ,
    act::refused,
    domain::{Details, Event, EventState, Plan},
    repo, say,
};
use crate::{Refused, homes, say as shared};
use authz::{AuditFact, Caller, audit, keyed};
use chrono::Datelike as _;
use db::{Db, IdempotencyKey, TenantScope};
use errors::expected;
use ids::EstateId;
use serde::Serialize;

/// A new entry of the year's plan, or another plan of one.
#[derive(Clone, Debug, Serialize)]
pub(super) struct PlanEvent {
    pub estate: EstateId,
    /// The event and the version of it that the caller read; a new one when left out.
    pub existing: Option<(CommunityEventId, i32)>,
    pub plan: Plan,
}

/// Keeps a plan; it stands in the plan of the year in which the event begins.
#[tracing::instrument(name = "usecase.community_events.plan", skip_all)]
pub(super) async fn plan(
    db: &Db,
    caller: &Caller,
    command: PlanEvent,
    key: &IdempotencyKey,
) -> Result<CommunityEventId, Refused> {
    caller.act(EVENT_PLAN, EVENT_READ, command.estate)?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "plan_community_event", key, &input, move |scope| {
        Box::pin(async move { kept(scope, &actor, command).await })
    })
    .await
}

async fn kept(
    scope: &TenantScope,
    caller: &Caller,
    command: PlanEvent,
) -> Result<CommunityEventId, Refused> {
    let estate = homes::estate(scope, command.estate).await?;
    let plan = command.plan.checked()?;
    if plan.starts_at < scope.now() {
        return Err(Refused::invalid("startsAt", expected::not_before("now")));
    }
    let year = plan.starts_at.with_timezone(&estate.zone).year();
    let event = if let Some((id, version)) = command.existing {
        let found = repo::lock(scope, id).await?.ok_or_else(Refused::not_found)?;
        if found.estate != estate.id {
            return Err(Refused::not_found());
        }
        spent_lines_stay(scope, id, &plan).await?;
        let mut event = Event { year, version, ..found };
        event.planned(plan).map_err(refused)?;
        if !repo::save(scope, &event).await? {
            return Err(Refused::Conflict(shared::changed_meanwhile()));
        }
        event
    } else {
        let event = new(scope, caller, estate.id, (year, plan));
        repo::insert(scope, &event).await?;
        event
    };
    let fact = AuditFact {
        action: "community_event.planned",
        object: event.id.to_string(),
        estate: Some(event.estate),
        reason: None,
        detail: &event.details.plan,
    };
    audit(scope, caller, fact).await?;
    Ok(event.id)
}

/// What was spent belongs to a line: one that has expenses cannot be planned away.
async fn spent_lines_stay(
    scope: &TenantScope,
    id: CommunityEventId,
    plan: &Plan,
) -> Result<(), Refused> {
    let spent = repo::spent(scope, [id]).await?;
    let stays = |code: &String| plan.budget.iter().any(|line| line.code == *code);
    if spent.keys().all(|(_, code)| stays(code)) {
        Ok(())
    } else {
        Err(Refused::invalid("budget", say::line_was_spent()))
    }
}

fn new(scope: &TenantScope, caller: &Caller, estate: EstateId, (year, plan): (i32, Plan)) -> Event {
    let details = Details {
        plan,
        planned_by: caller.user(),
        proposed: None,
        approved: None,
        returned_because: None,
        announced_at: None,
        held_at: None,
        cancelled_because: None,
        report: None,
        revisit_rate: None,
    };
    Event {
        id: CommunityEventId::from_uuid(scope.new_id()),
        estate,
        year,
        state: EventState::Planned,
        version: 1,
        secret: hex::encode(scope.clock().bytes::<32>()),
        details,
    }
}
