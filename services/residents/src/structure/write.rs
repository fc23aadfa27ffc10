//! Registering and changing buildings and units by hand.

use super::{Building, UNIT_MANAGE, UNIT_READ, Unit, UnitState, label, repo, visible_units};
use crate::{ResidentsError, estates, say};
use authz::{AuditFact, Caller, audit};
use contracts::{BuildingId, UnitId, residents::UnitUse};
use db::Db;
use ids::EstateId;
use money::Area;

/// A unit to register.
#[derive(Clone, Debug)]
pub struct AddUnit {
    /// The building.
    pub building: BuildingId,
    /// The entrance's number; empty when the building has none.
    pub entrance: String,
    /// The unit's number.
    pub number: String,
    /// The floor.
    pub floor: Option<i64>,
    /// The layout, in words.
    pub layout: Option<String>,
    /// Fee base.
    pub gross_area: Area,
    /// Usable area.
    pub net_area: Option<Area>,
    /// What it is used for.
    pub used_as: UnitUse,
    /// What is going on in it.
    pub state: UnitState,
}

/// What of a unit changes.
#[derive(Clone, Debug, Default)]
pub struct UpdateUnit {
    /// Fee base.
    pub gross_area: Option<Area>,
    /// Usable area.
    pub net_area: Option<Area>,
    /// What it is used for.
    pub used_as: Option<UnitUse>,
    /// What is going on in it.
    pub state: Option<UnitState>,
}

/// A short text that must not be blank and has no dash, which would break labels.
fn code(field: &str, text: &str) -> Result<String, ResidentsError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 40 || text.contains('-') {
        return Err(ResidentsError::invalid(field, say::code_form(1, 40)));
    }
    Ok(text.to_owned())
}

fn area(field: &str, area: Area) -> Result<Area, ResidentsError> {
    if (1..=Area::PER_SQUARE_METRE * 1_000_000).contains(&area.0) {
        return Ok(area);
    }
    Err(ResidentsError::invalid(field, say::area_range()))
}

/// Registers a building.
///
/// # Errors
/// [`ResidentsError`].
#[tracing::instrument(name = "usecase.structure.add_building", skip_all, fields(estate.id = %estate))]
pub async fn add_building(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    number: &str,
) -> Result<Building, ResidentsError> {
    caller.act(UNIT_MANAGE, UNIT_READ, estate)?;
    let number = code("code", number)?;
    let scope = db.write(caller.tenant()).await?;
    estates::known(&scope, estate).await?;
    if repo::buildings(&scope, estate).await?.iter().any(|building| building.code == number) {
        return Err(ResidentsError::Conflict(say::building_exists(&number)));
    }
    let all = repo::ensure_buildings(&scope, estate, [number.clone()]).await?;
    let building = Building { id: all[&number], estate, code: number };
    let object = building.id.to_string();
    let detail = serde_json::json!({ "code": building.code });
    let action = "building.added";
    let fact = AuditFact { action, object, estate: Some(estate), reason: None, detail };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(building)
}

/// Registers a unit.
///
/// # Errors
/// [`ResidentsError`].
#[tracing::instrument(name = "usecase.structure.add_unit", skip_all, fields(estate.id = %estate))]
pub async fn add_unit(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    new: AddUnit,
) -> Result<Unit, ResidentsError> {
    caller.act(UNIT_MANAGE, UNIT_READ, estate)?;
    let scope = db.write(caller.tenant()).await?;
    estates::known(&scope, estate).await?;
    let buildings = repo::buildings(&scope, estate).await?;
    let building = buildings.into_iter().find(|building| building.id == new.building);
    let building = building.ok_or(ResidentsError::not_found())?;
    let number = code("number", &new.number)?;
    let entrance =
        if new.entrance.is_empty() { String::new() } else { code("entrance", &new.entrance)? };
    let label = label(&building.code, &entrance, &number);
    if !repo::units_by_label(&scope, estate, [label.clone()]).await?.is_empty() {
        return Err(ResidentsError::Conflict(say::unit_exists(&label)));
    }
    let unit = Unit {
        id: UnitId::from_uuid(scope.new_id()),
        estate,
        building: building.id,
        building_code: building.code,
        entrance_code: entrance,
        number,
        label,
        floor: new.floor,
        layout: new.layout,
        gross_area: area("grossArea", new.gross_area)?,
        net_area: new.net_area.map(|net| area("netArea", net)).transpose()?,
        used_as: new.used_as,
        state: new.state,
    };
    save(&scope, caller, "unit.added", &unit).await?;
    scope.commit().await?;
    Ok(unit)
}

/// Changes a unit.
///
/// # Errors
/// [`ResidentsError`].
#[tracing::instrument(name = "usecase.structure.update_unit", skip_all, fields(unit.id = %id))]
pub async fn update_unit(
    db: &Db,
    caller: &Caller,
    id: UnitId,
    change: UpdateUnit,
) -> Result<Unit, ResidentsError> {
    let scope = db.write(caller.tenant()).await?;
    let seen = visible_units(&scope, caller, UNIT_READ, [id.as_uuid()]).await?;
    let mut unit = seen.into_iter().next().ok_or(ResidentsError::not_found())?;
    caller.act(UNIT_MANAGE, UNIT_READ, unit.estate)?;
    if let Some(gross) = change.gross_area {
        unit.gross_area = area("grossArea", gross)?;
    }
    if let Some(net) = change.net_area {
        unit.net_area = Some(area("netArea", net)?);
    }
    unit.used_as = change.used_as.unwrap_or(unit.used_as);
    unit.state = change.state.unwrap_or(unit.state);
    save(&scope, caller, "unit.changed", &unit).await?;
    scope.commit().await?;
    Ok(unit)
}

async fn save(
    scope: &db::TenantScope,
    caller: &Caller,
    action: &str,
    unit: &Unit,
) -> Result<(), ResidentsError> {
    repo::save_units(scope, unit.estate, std::slice::from_ref(unit)).await?;
    let detail = serde_json::json!({
        "label": unit.label,
        "grossArea": unit.gross_area.to_string(),
        "use": unit.used_as,
        "state": unit.state.as_str(),
    });
    let (object, estate) = (unit.id.to_string(), Some(unit.estate));
    Ok(audit(scope, caller, AuditFact { action, object, estate, reason: None, detail }).await?)
}
