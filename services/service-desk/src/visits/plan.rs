//! Planning an officer's month.

use super::{
    VISIT_PLAN, VISIT_READ,
    domain::{MOST, proposed},
    repo::{self, Planned},
    say,
};
use crate::{Refused, homes, responders};
use authz::{AuditFact, Caller, UserId, audit, keyed};
use chrono::NaiveDate;
use db::{Db, IdempotencyKey, TenantScope};
use errors::expected;
use ids::EstateId;
use places::homes as units;
use serde::Serialize;
use std::collections::HashSet;
use uuid::Uuid;

/// Which month of whom.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct PlanVisits {
    pub estate: EstateId,
    pub officer: UserId,
    pub month: NaiveDate,
    pub count: usize,
}

/// Chooses the homes of an officer's month in their buildings: those not visited longest that
/// nobody else calls on in the month. How many there are.
#[tracing::instrument(name = "usecase.visits.plan", skip_all)]
pub(super) async fn plan(
    db: &Db,
    caller: &Caller,
    command: PlanVisits,
    key: &IdempotencyKey,
) -> Result<usize, Refused> {
    let right = caller.act(VISIT_PLAN, VISIT_READ, command.estate)?;
    if !(1..=MOST).contains(&command.count) {
        let most = i64::try_from(MOST).unwrap_or(i64::MAX);
        return Err(Refused::invalid("count", expected::between(1, most)));
    }
    let zone = right.zone().map(<[Uuid]>::to_vec);
    let actor = caller.clone();
    keyed(db, caller, "plan_visits", key, &command, move |scope| {
        Box::pin(async move {
            homes::estate(scope, command.estate).await?;
            let chosen = chosen(scope, command, zone.as_deref()).await?;
            let plan = repo::insert_plan(scope, (command.estate, command.month), &chosen);
            plan.await.map_err(Refused::added_meanwhile)?;
            let fact = AuditFact {
                action: "visits.planned",
                object: command.officer.to_string(),
                estate: Some(command.estate),
                reason: None,
                detail: (command.month, chosen.len()),
            };
            audit(scope, &actor, fact).await?;
            Ok(chosen.len())
        })
    })
    .await
}

async fn chosen(
    scope: &TenantScope,
    command: PlanVisits,
    zone: Option<&[Uuid]>,
) -> Result<Vec<Planned>, Refused> {
    let PlanVisits { estate, officer, month, count } = command;
    let responder = responders::repo::find(scope, estate, officer).await?;
    let responder =
        responder.ok_or_else(|| Refused::invalid("officerId", say::not_a_responder()))?;
    let all = repo::plans(scope, (estate, None), (month, None), None).await?;
    if all.iter().any(|it| it.officer == officer) {
        return Err(Refused::Conflict(say::planned_already()));
    }
    let taken: HashSet<_> = all.iter().map(|it| it.unit).collect();
    let own: Vec<Uuid> = responder.buildings.iter().map(|id| id.as_uuid()).collect();
    let places = match (own.is_empty(), zone) {
        (true, zone) => zone.map(<[Uuid]>::to_vec),
        (false, None) => Some(own),
        (false, Some(zone)) => Some(own.into_iter().filter(|id| zone.contains(id)).collect()),
    };
    let here = units::of_estate(scope, estate, places.as_deref()).await?;
    let lived_in = super::view::lived_in(scope, estate, &here).await?;
    let last = repo::last(scope, estate, crate::month::Month::of(month).next().first()).await?;
    let free = here.iter().filter(|it| lived_in.contains(&it.id) && !taken.contains(&it.id));
    let candidates = free.map(|it| (it.id, last.get(&it.id).copied())).collect();
    let seed = format!("{estate}/{officer}/{month}");
    let chosen: HashSet<_> = proposed(candidates, &seed, count).into_iter().collect();
    let planned = here.into_iter().filter(|it| chosen.contains(&it.id)).map(|it| Planned {
        unit: it.id,
        building: it.building,
        label: it.label,
        officer,
    });
    Ok(planned.collect())
}
