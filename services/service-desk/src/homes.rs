//! What a right covers: units and people, as residents tell of them.

use crate::Refused;
use authz::{EstateScope, Reach};
use contracts::{BuildingId, PersonId, UnitId, residents::MemberKind};
use db::TenantScope;
use ids::EstateId;
use places::{
    estates::{self, Estate},
    homes::{self, Unit},
};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// The estate, which must be known.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn estate(scope: &TenantScope, estate: EstateId) -> Result<Estate, Refused> {
    estates::find(scope, estate).await?.ok_or(Refused::not_found())
}

/// The estate of a right, which must be known; a resident's only where one belongs to a unit today.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn of_right(scope: &TenantScope, right: &EstateScope) -> Result<Estate, Refused> {
    let found = estate(scope, right.estate()).await?;
    if let Some(person) = right.own_person() {
        let units = own_units(scope, found.id, PersonId::from_uuid(person)).await?;
        if units.is_empty() {
            return Err(Refused::not_found());
        }
    }
    Ok(found)
}

/// Refuses buildings of which an estate has no unit.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn buildings(
    scope: &TenantScope,
    estate: EstateId,
    buildings: &[BuildingId],
) -> Result<(), Refused> {
    if buildings.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = buildings.iter().map(|building| building.as_uuid()).collect();
    let units = homes::of_estate(scope, estate, Some(&ids)).await?;
    let known = |building: &BuildingId| units.iter().any(|unit| unit.building == *building);
    if buildings.iter().all(known) { Ok(()) } else { Err(Refused::not_found()) }
}

/// Refuses a person whom the right does not cover: somebody who never belonged to a unit of the
/// estate; for a resident, somebody outside one's own household.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn person(
    scope: &TenantScope,
    right: &EstateScope,
    person: PersonId,
) -> Result<(), Refused> {
    let known = match right.own_person() {
        None => !homes::of_person(scope, right.estate(), person).await?.is_empty(),
        Some(own) => {
            let today = estates::today(scope, right.estate()).await?;
            let own = own_units(scope, right.estate(), PersonId::from_uuid(own)).await?;
            let household = homes::members(scope, own).await?;
            household.iter().any(|member| member.person == person && member.on(today))
        }
    };
    if known { Ok(()) } else { Err(Refused::not_found()) }
}

/// Refuses a right over a part of an estate, where only the whole can be told.
///
/// # Errors
/// `NOT_FOUND`.
pub fn whole(right: &EstateScope) -> Result<(), Refused> {
    if *right.reach() == Reach::All { Ok(()) } else { Err(Refused::not_found()) }
}

/// A unit of the right's estate that the right covers: one of the zone's buildings for who has a
/// zone, one's own today for a resident.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn covered(
    scope: &TenantScope,
    right: &EstateScope,
    unit: UnitId,
) -> Result<Unit, Refused> {
    let unit = homes::unit(scope, unit).await?.ok_or(Refused::not_found())?;
    let here = unit.estate == right.estate();
    let in_zone = right.zone().is_none_or(|zone| zone.contains(&unit.building.as_uuid()));
    let own = match right.own_person() {
        None => true,
        Some(person) => {
            own_units(scope, right.estate(), PersonId::from_uuid(person)).await?.contains(&unit.id)
        }
    };
    if here && in_zone && own { Ok(unit) } else { Err(Refused::not_found()) }
}

/// The units to which a person belongs today.
///
/// # Errors
/// When reading fails.
pub async fn own_units(
    scope: &TenantScope,
    estate: EstateId,
    person: PersonId,
) -> Result<Vec<UnitId>, Refused> {
    let today = estates::today(scope, estate).await?;
    let ties = homes::of_person(scope, estate, person).await?;
    Ok(ties.into_iter().filter(|tie| tie.on(today)).map(|tie| tie.unit).collect())
}

/// Who belongs to units of an estate today in one of the wanted capacities: everybody once, with the
/// first of the units that is theirs.
///
/// # Errors
/// When reading fails.
pub async fn people(
    scope: &TenantScope,
    estate: EstateId,
    units: &[Unit],
    wanted: impl Fn(MemberKind) -> bool,
) -> Result<Vec<(PersonId, Unit)>, Refused> {
    let today = estates::today(scope, estate).await?;
    let members = homes::members(scope, units.iter().map(|unit| unit.id)).await?;
    let mut of_unit: HashMap<UnitId, Vec<PersonId>> = HashMap::new();
    for member in members.iter().filter(|it| it.on(today) && wanted(it.kind)) {
        of_unit.entry(member.unit).or_default().push(member.person);
    }
    let mut people: BTreeMap<PersonId, &Unit> = BTreeMap::new();
    for unit in units {
        for person in of_unit.remove(&unit.id).unwrap_or_default() {
            people.entry(person).or_insert(unit);
        }
    }
    Ok(people.into_iter().map(|(person, unit)| (person, unit.clone())).collect())
}
