//! The household card: who belongs to a unit, who pays, which vehicles.

use super::{OCCUPANCY_READ, Occupancy, payer_on};
use crate::{
    ResidentsError, estates,
    parking::{self, Vehicle},
    people::{self, Person},
    structure::visible_units,
};
use authz::Caller;
use contracts::{PersonId, UnitId};
use db::Db;
use std::collections::{HashMap, HashSet, hash_map::Entry};
use uuid::Uuid;

/// The present and coming people of a unit, today's payer, and their vehicles.
#[derive(Clone, Debug)]
pub struct Household {
    /// The unit.
    pub unit: UnitId,
    /// Everybody who belongs to it today or later, with the person.
    pub members: Vec<(Occupancy, Person)>,
    /// Who pays today.
    pub payer: Option<PersonId>,
    /// The vehicles of its people.
    pub vehicles: Vec<Vehicle>,
}

/// The households of those of some units that the caller may see, in a fixed number of statements.
///
/// # Errors
/// When reading fails.
pub async fn households(
    db: &Db,
    caller: &Caller,
    ids: &[Uuid],
) -> Result<HashMap<UnitId, Household>, ResidentsError> {
    let scope = db.read(caller.tenant()).await?;
    let units = visible_units(&scope, caller, OCCUPANCY_READ, ids.iter().copied()).await?;
    let mut today = HashMap::new();
    for unit in &units {
        if let Entry::Vacant(entry) = today.entry(unit.estate) {
            entry.insert(estates::today(&scope, unit.estate).await?);
        }
    }
    let ties = super::repo::of_units(&scope, units.iter().map(|unit| unit.id.as_uuid())).await?;
    let person_ids: HashSet<Uuid> = ties.iter().map(|tie| tie.person.as_uuid()).collect();
    let found = people::repo::by_id(&scope, person_ids.iter().copied()).await?;
    let found: HashMap<PersonId, Person> = found.into_iter().map(|p| (p.id, p)).collect();
    let vehicles = parking::repo::vehicles_of(&scope, person_ids).await?;
    let mut by_unit: HashMap<UnitId, Vec<Occupancy>> = HashMap::new();
    for tie in ties {
        by_unit.entry(tie.unit).or_default().push(tie);
    }
    let card = |unit: UnitId, day| {
        let ties = by_unit.get(&unit).cloned().unwrap_or_default();
        let payer = payer_on(&ties, day).map(|tie| tie.person);
        let present = ties.into_iter().filter(|tie| tie.lasts_on_or_after(day));
        let members: Vec<(Occupancy, Person)> = present
            .filter_map(|tie| found.get(&tie.person).cloned().map(|person| (tie, person)))
            .collect();
        let own = |v: &&Vehicle| members.iter().any(|(tie, _)| Some(tie.person) == v.holder);
        let vehicles = vehicles.iter().filter(own).cloned().collect();
        Household { unit, members, payer, vehicles }
    };
    Ok(units.iter().map(|unit| (unit.id, card(unit.id, today[&unit.estate]))).collect())
}
