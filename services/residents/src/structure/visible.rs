//! Which units a caller may see.

use super::{Building, Unit, repo};
use crate::{ResidentsError, estates, occupancy};
use authz::{Caller, EstateScope, Permission, Reach};
use db::{StorageError, TenantScope};
use ids::EstateId;
use std::collections::{HashMap, hash_map::Entry};
use uuid::Uuid;

/// The part of an estate that a scope covers.
#[derive(Clone, Debug)]
pub struct Visible {
    /// The estate.
    pub estate: EstateId,
    /// Only these buildings.
    pub buildings: Option<Vec<Uuid>>,
    /// Only these units.
    pub units: Option<Vec<Uuid>>,
}

impl Visible {
    /// What a scope covers today; a resident's own units are those they belong to today.
    ///
    /// # Errors
    /// When reading fails.
    pub async fn of(scope: &TenantScope, permitted: &EstateScope) -> Result<Self, StorageError> {
        let estate = permitted.estate();
        let units = match (permitted.own_person(), permitted.reach()) {
            (Some(person), _) => {
                let today = estates::today(scope, estate).await?;
                Some(occupancy::repo::units_of(scope, estate, person, today).await?)
            }
            // Units are not assigned to anybody.
            (None, Reach::Assigned) => Some(Vec::new()),
            (None, _) => None,
        };
        Ok(Self { estate, buildings: permitted.zone().map(<[Uuid]>::to_vec), units })
    }

    /// Whether everything in the estate is covered.
    pub fn everything(&self) -> bool {
        self.buildings.is_none() && self.units.is_none()
    }

    /// Whether a unit is covered.
    pub fn covers(&self, unit: &Unit) -> bool {
        unit.estate == self.estate
            && self.buildings.as_ref().is_none_or(|zone| zone.contains(&unit.building.as_uuid()))
            && self.units.as_ref().is_none_or(|own| own.contains(&unit.id.as_uuid()))
    }
}

/// Those of some units that a caller may see, for lookups by id across estates.
///
/// # Errors
/// When reading fails.
pub async fn visible_units(
    scope: &TenantScope,
    caller: &Caller,
    permission: Permission,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Unit>, ResidentsError> {
    let permitted = caller.estates(permission);
    let mut reaches: HashMap<EstateId, Option<Visible>> = HashMap::new();
    let mut seen = Vec::new();
    for unit in repo::units_by_id(scope, ids).await? {
        if let Entry::Vacant(entry) = reaches.entry(unit.estate) {
            let reach = match permitted.in_estate(unit.estate) {
                Some(permitted) => Some(Visible::of(scope, &permitted).await?),
                None => None,
            };
            entry.insert(reach);
        }
        if reaches[&unit.estate].as_ref().is_some_and(|visible| visible.covers(&unit)) {
            seen.push(unit);
        }
    }
    Ok(seen)
}

/// The buildings of an estate that a scope covers: all, those of a zone, or those of one's own
/// units.
///
/// # Errors
/// When reading fails.
pub async fn visible_buildings(
    scope: &TenantScope,
    permitted: &EstateScope,
) -> Result<Vec<Building>, StorageError> {
    let visible = Visible::of(scope, permitted).await?;
    let homes: Option<Vec<Uuid>> = match visible.units {
        Some(units) => {
            let units = repo::units_by_id(scope, units).await?;
            Some(units.iter().map(|unit| unit.building.as_uuid()).collect())
        }
        None => None,
    };
    let among = |of: &Option<Vec<Uuid>>, id: Uuid| of.as_ref().is_none_or(|of| of.contains(&id));
    let mut buildings = repo::buildings(scope, permitted.estate()).await?;
    buildings.retain(|building| {
        let id = building.id.as_uuid();
        among(&visible.buildings, id) && among(&homes, id)
    });
    Ok(buildings)
}
