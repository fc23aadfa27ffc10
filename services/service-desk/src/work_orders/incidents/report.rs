//! Reporting an incident, and its end.

use super::{
    super::{
        IncidentId, WORK_ORDER_ASSIGN, WORK_ORDER_READ, catalogue, domain::Action, repo as orders,
        say, written,
    },
    draw_in::draw_in,
    repo::{self, Incident},
    tell,
};
use crate::{Refused, homes};
use authz::{AuditFact, Caller, audit, keyed};
use chrono::{DateTime, Utc};
use contracts::{BuildingId, UnitId};
use db::{Db, IdempotencyKey, TenantScope, reschedule_job};
use errors::{expected, input};
use ids::EstateId;
use serde::Serialize;

/// The most buildings, and the most units, of one incident.
pub(super) const MOST: usize = 500;

/// Something is out for many.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Report {
    pub estate: EstateId,
    pub category: String,
    pub message_zh: String,
    pub message_en: String,
    pub expected_end: Option<DateTime<Utc>>,
    pub buildings: Vec<BuildingId>,
    pub units: Vec<UnitId>,
}

/// Keeps an incident; from now on it answers whoever reports the same, what was reported of it before
/// is a part of it, and everybody whom it affects is told. A second time with the same key it is the
/// same incident.
#[tracing::instrument(name = "usecase.incidents.report", skip_all)]
pub(super) async fn report(
    db: &Db,
    caller: &Caller,
    report: Report,
    key: &IdempotencyKey,
) -> Result<IncidentId, Refused> {
    caller.act(WORK_ORDER_ASSIGN, WORK_ORDER_READ, report.estate)?;
    let (actor, input) = (caller.clone(), report.clone());
    keyed(db, caller, "report_incident", key, &input, move |scope| {
        Box::pin(async move {
            let incident = checked(scope, &actor, report).await?;
            repo::insert(scope, &incident).await?;
            draw_in(scope, &actor, &incident).await?;
            note(scope, &actor, &incident, "incident.reported").await?;
            reschedule_job(scope, tell::JOB, incident.id.as_uuid(), scope.now()).await?;
            Ok(incident.id)
        })
    })
    .await
}

async fn checked(
    scope: &TenantScope,
    caller: &Caller,
    report: Report,
) -> Result<Incident, Refused> {
    let estate = homes::estate(scope, report.estate).await?;
    let categories = catalogue::categories(scope, estate.id).await?;
    if !categories.contains_key(&report.category) {
        return Err(Refused::invalid("category", expected::existing()));
    }
    for (field, many) in [("buildingIds", report.buildings.len()), ("unitIds", report.units.len())]
    {
        if many > MOST {
            return Err(Refused::invalid(field, expected::items(0, MOST)));
        }
    }
    places_known(scope, estate.id, (&report.buildings, &report.units)).await?;
    Ok(Incident {
        id: IncidentId::from_uuid(scope.new_id()),
        estate: estate.id,
        category: report.category,
        message_zh: input::lines("messageZh", &report.message_zh, 1000)?,
        message_en: input::lines("messageEn", &report.message_en, 1000)?,
        expected_end: report.expected_end,
        reported_by: caller.user(),
        reported_at: scope.now(),
        resolved_at: None,
        version: 1,
        buildings: report.buildings,
        units: report.units,
    })
}

/// Every building and unit that was named belongs to the estate.
pub(super) async fn places_known(
    scope: &TenantScope,
    estate: EstateId,
    (buildings, units): (&[BuildingId], &[UnitId]),
) -> Result<(), Refused> {
    let found = places::homes::units(scope, units.iter().copied()).await?;
    let here = |unit: &UnitId| found.get(unit).is_some_and(|unit| unit.estate == estate);
    if !units.iter().all(here) {
        return Err(Refused::not_found());
    }
    homes::buildings(scope, estate, buildings).await
}

/// The incident is over, and with it every order that is part of it; who was told of it is told.
#[tracing::instrument(name = "usecase.incidents.resolve", skip_all)]
pub(super) async fn resolve(
    db: &Db,
    caller: &Caller,
    (id, expected): (IncidentId, i32),
    note_text: Option<&str>,
) -> Result<IncidentId, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let incident = repo::lock(&scope, id).await?.ok_or_else(Refused::not_found)?;
    caller.act(WORK_ORDER_ASSIGN, WORK_ORDER_READ, incident.estate)?;
    if incident.version != expected {
        return Err(Refused::Conflict(crate::say::changed_meanwhile()));
    }
    if incident.resolved_at.is_some() {
        return Err(Refused::Conflict(say::incident_is_over()));
    }
    let (text, now) = (input::optional("note", note_text, 500)?, scope.now());
    if !repo::resolve(&scope, id, expected, (caller.user(), now)).await? {
        return Err(Refused::Conflict(crate::say::changed_meanwhile()));
    }
    for mut order in orders::lock_of_incident(&scope, id).await? {
        order.done_at = Some(now);
        written::moved(&scope, caller, &mut order, Action::EndIncident, text.clone()).await?;
    }
    note(&scope, caller, &incident, "incident.resolved").await?;
    reschedule_job(&scope, tell::JOB, id.as_uuid(), now).await?;
    scope.commit().await?;
    Ok(id)
}

/// Writes down who did what to an incident.
pub(super) async fn note(
    scope: &TenantScope,
    caller: &Caller,
    incident: &Incident,
    action: &'static str,
) -> Result<(), Refused> {
    let fact = AuditFact {
        action,
        object: incident.id.to_string(),
        estate: Some(incident.estate),
        reason: None,
        detail: (&incident.category, incident.buildings.len(), incident.units.len()),
    };
    Ok(audit(scope, caller, fact).await?)
}
