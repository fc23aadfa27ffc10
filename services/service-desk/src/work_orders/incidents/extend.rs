//! An incident that turns out to affect more, or to be otherwise.

use super::{
    super::{IncidentId, WORK_ORDER_ASSIGN, WORK_ORDER_READ, say},
    draw_in::draw_in,
    repo::{self, Incident},
    report::{MOST, note, places_known},
    tell, told_repo,
};
use crate::Refused;
use authz::Caller;
use chrono::{DateTime, Utc};
use contracts::{BuildingId, UnitId};
use db::{Db, TenantScope, reschedule_job};
use errors::{expected, input};

/// What is otherwise; what is left out stays.
#[derive(Clone, Debug, Default)]
pub(super) struct Extension {
    pub buildings: Vec<BuildingId>,
    pub units: Vec<UnitId>,
    pub message_zh: Option<String>,
    pub message_en: Option<String>,
    pub expected_end: Option<DateTime<Utc>>,
}

/// Adds buildings and units to an incident under way, and what is known of it now: who belongs to
/// them is told, and everybody anew when there is news. What it affects already is left out, and
/// nothing else changes nothing.
#[tracing::instrument(name = "usecase.incidents.extend", skip_all)]
pub(super) async fn extend(
    db: &Db,
    caller: &Caller,
    (id, expected): (IncidentId, i32),
    more: Extension,
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
    let places = new_places(&scope, &incident, (more.buildings, more.units)).await?;
    let mut whole = incident.clone();
    if let Some(text) = &more.message_zh {
        whole.message_zh = input::lines("messageZh", text, 1000)?;
    }
    if let Some(text) = &more.message_en {
        whole.message_en = input::lines("messageEn", text, 1000)?;
    }
    whole.expected_end = more.expected_end.or(whole.expected_end);
    let is_news = whole != incident;
    whole.buildings.extend(&places.0);
    whole.units.extend(&places.1);
    if whole == incident {
        return Ok(id);
    }
    if !repo::extend(&scope, &whole, (&places.0, &places.1)).await? {
        return Err(Refused::Conflict(crate::say::changed_meanwhile()));
    }
    if is_news {
        told_repo::anew(&scope, id).await?;
    }
    draw_in(&scope, caller, &whole).await?;
    note(&scope, caller, &whole, "incident.extended").await?;
    reschedule_job(&scope, tell::JOB, id.as_uuid(), scope.now()).await?;
    scope.commit().await?;
    Ok(id)
}

/// Those of the places that are not affected yet.
async fn new_places(
    scope: &TenantScope,
    incident: &Incident,
    (mut buildings, mut units): (Vec<BuildingId>, Vec<UnitId>),
) -> Result<(Vec<BuildingId>, Vec<UnitId>), Refused> {
    if incident.is_everywhere() && !(buildings.is_empty() && units.is_empty()) {
        return Err(Refused::Conflict(say::incident_is_everywhere()));
    }
    places_known(scope, incident.estate, (&buildings, &units)).await?;
    buildings.retain(|building| !incident.buildings.contains(building));
    units.retain(|unit| !incident.units.contains(unit));
    for (field, many) in [
        ("buildingIds", incident.buildings.len() + buildings.len()),
        ("unitIds", incident.units.len() + units.len()),
    ] {
        if many > MOST {
            return Err(Refused::invalid(field, expected::items(0, MOST)));
        }
    }
    Ok((buildings, units))
}
