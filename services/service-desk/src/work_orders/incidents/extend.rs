//! An incident that turns out to affect more.

use super::{
    super::{IncidentId, WORK_ORDER_ASSIGN, WORK_ORDER_READ, say},
    repo,
    report::{MOST, note, places_known},
    tell,
};
use crate::Refused;
use authz::Caller;
use contracts::{BuildingId, UnitId};
use db::{Db, reschedule_job};
use errors::expected;

/// Adds buildings and units to an incident under way; who lives there is told as well. What it
/// affects already is left out, and nothing else changes nothing.
#[tracing::instrument(name = "usecase.incidents.extend", skip_all)]
pub(super) async fn extend(
    db: &Db,
    caller: &Caller,
    (id, expected): (IncidentId, i32),
    (mut buildings, mut units): (Vec<BuildingId>, Vec<UnitId>),
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
    if incident.is_everywhere() {
        return Err(Refused::Conflict(say::incident_is_everywhere()));
    }
    places_known(&scope, incident.estate, (&buildings, &units)).await?;
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
    if buildings.is_empty() && units.is_empty() {
        return Ok(id);
    }
    if !repo::extend(&scope, &incident, (&buildings, &units)).await? {
        return Err(Refused::Conflict(crate::say::changed_meanwhile()));
    }
    note(&scope, caller, &incident, "incident.extended").await?;
    reschedule_job(&scope, tell::JOB, id.as_uuid(), scope.now()).await?;
    scope.commit().await?;
    Ok(id)
}
