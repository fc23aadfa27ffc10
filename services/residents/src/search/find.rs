//! Finding units by what somebody typed.

use super::repo::{self, Found};
use crate::{
    ResidentsError,
    occupancy::OCCUPANCY_READ,
    parking::{PARKING_READ, plain_plate},
    people::{Keyring, PERSON_READ},
    structure::{UNIT_READ, Unit, visible_units},
};
use authz::{Caller, Permission};
use contracts::PersonId;
use db::{Db, TenantScope};
use errors::expected;
use ids::EstateId;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// What of a household matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Matched {
    /// The unit's label or number.
    Unit,
    /// A person's name.
    Name,
    /// A person's phone.
    Phone,
    /// A vehicle's plate.
    Plate,
}

/// A unit that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The unit.
    pub unit: Unit,
    /// What matched first.
    pub matched: Matched,
    /// The person whose name, phone or vehicle matched.
    pub person: Option<PersonId>,
}

/// The most candidates looked at per search.
pub const MOST: u64 = 500;

/// Finds units in one estate, or in all the caller may see; sorted by label, each once.
///
/// # Errors
/// [`ResidentsError`].
#[tracing::instrument(name = "usecase.search.find", skip_all)]
pub async fn search(
    db: &Db,
    keys: &Keyring,
    caller: &Caller,
    estate: Option<EstateId>,
    text: &str,
) -> Result<Vec<Hit>, ResidentsError> {
    let text = text.trim();
    if !(1..=60).contains(&text.chars().count()) {
        return Err(ResidentsError::invalid("text", expected::length(1, 60)));
    }
    if let Some(estate) = estate {
        caller.read(UNIT_READ, estate)?;
    } else if !caller.may_somewhere(UNIT_READ) {
        return Err(ResidentsError::not_found());
    }
    let key = keys.of(db, caller.tenant()).await?;
    let scope = db.read(caller.tenant()).await?;
    let estates = match estate {
        Some(estate) => Some(vec![estate.as_uuid()]),
        None => caller
            .estates(UNIT_READ)
            .ids()
            .map(|ids| ids.into_iter().map(EstateId::as_uuid).collect()),
    };
    let digits = text.chars().all(|c| c.is_ascii_digit() || "+- ".contains(c));
    let mut found = repo::by_unit(&scope, estates.as_deref(), text).await?;
    if text.chars().any(char::is_alphabetic) {
        found.extend(repo::by_name(&scope, estates.as_deref(), text).await?);
    }
    if digits {
        found.extend(repo::by_phone(&scope, estates.as_deref(), &key, text).await?);
    }
    let plate = plain_plate(text);
    if plate.chars().count() >= 3 {
        found.extend(repo::by_plate(&scope, estates.as_deref(), &plate).await?);
    }
    hits(&scope, caller, found).await
}

/// Those found that the caller may see; who may not see people finds nothing by them.
async fn hits(
    scope: &TenantScope,
    caller: &Caller,
    found: Vec<Found>,
) -> Result<Vec<Hit>, ResidentsError> {
    let wanted: HashSet<Uuid> = found.iter().map(|found| found.unit_id).collect();
    let mut seen: HashMap<Permission, HashSet<Uuid>> = HashMap::new();
    let units = visible_units(scope, caller, UNIT_READ, wanted.iter().copied()).await?;
    let rights = [PERSON_READ, OCCUPANCY_READ, PARKING_READ];
    if found.iter().any(|found| found.matched != Matched::Unit) {
        for right in rights {
            let units = visible_units(scope, caller, right, wanted.iter().copied()).await?;
            seen.insert(right, units.into_iter().map(|unit| unit.id.as_uuid()).collect());
        }
    }
    let may = |right: Permission, unit: Uuid| seen.get(&right).is_some_and(|u| u.contains(&unit));
    let mut best: HashMap<Uuid, (Matched, Option<PersonId>)> = HashMap::new();
    for Found { unit_id, matched, person } in found {
        let allowed = match matched {
            Matched::Unit => true,
            Matched::Name | Matched::Phone => {
                may(PERSON_READ, unit_id) && may(OCCUPANCY_READ, unit_id)
            }
            Matched::Plate => may(PARKING_READ, unit_id) && may(OCCUPANCY_READ, unit_id),
        };
        if allowed {
            best.entry(unit_id).or_insert((matched, person));
        }
    }
    let hit = |unit: Unit| {
        let (matched, person) = best.get(&unit.id.as_uuid()).copied()?;
        Some(((unit.label.clone(), unit.id), Hit { unit, matched, person }))
    };
    let sorted: BTreeMap<_, _> = units.into_iter().filter_map(hit).collect();
    Ok(sorted.into_values().collect())
}
