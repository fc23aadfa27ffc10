//! Coverage: how many households were visited in a year, by building and by officer.

use super::{VISIT_READ, domain::year, repo};
use crate::{Refused, homes};
use authz::{Caller, UserId};
use contracts::{BuildingId, UnitId};
use db::TenantScope;
use ids::EstateId;
use places::{
    estates,
    homes::{self as units, Unit},
};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// How far a year's visits came.
#[derive(Clone, Debug, Default)]
pub(super) struct Coverage {
    pub households: usize,
    pub visited: usize,
    /// By building: its code, its households, those visited.
    pub buildings: BTreeMap<(String, BuildingId), (usize, usize)>,
    /// By officer: the households they visited, and how often they visited.
    pub officers: BTreeMap<UserId, (usize, i64)>,
}

/// The units to which somebody belongs today.
pub(super) async fn lived_in(
    scope: &TenantScope,
    estate: EstateId,
    all: &[Unit],
) -> Result<HashSet<UnitId>, Refused> {
    let today = estates::today(scope, estate).await?;
    let members = units::members(scope, all.iter().map(|unit| unit.id)).await?;
    Ok(members.into_iter().filter(|it| it.on(today)).map(|it| it.unit).collect())
}

/// The coverage of a year in the part of the estate that the caller sees. A household is a unit to
/// which somebody belongs today.
pub(super) async fn coverage(
    scope: &TenantScope,
    caller: &Caller,
    (estate, of): (EstateId, i32),
) -> Result<Coverage, Refused> {
    let right = caller.read(VISIT_READ, estate)?;
    homes::estate(scope, estate).await?;
    let days = year(of)?;
    let here = units::of_estate(scope, estate, right.zone()).await?;
    let lived_in = lived_in(scope, estate, &here).await?;
    let made = repo::made(scope, estate, days).await?;
    let visited: HashSet<_> = made.iter().map(|it| UnitId::from_uuid(it.unit_id)).collect();
    let mut all = Coverage::default();
    for unit in here.iter().filter(|unit| lived_in.contains(&unit.id)) {
        let key = (unit.building_code.clone(), unit.building);
        let row = all.buildings.entry(key).or_default();
        let reached = usize::from(visited.contains(&unit.id));
        *row = (row.0 + 1, row.1 + reached);
        all.households += 1;
        all.visited += reached;
    }
    let mut homes_of: BTreeMap<UserId, BTreeSet<UnitId>> = BTreeMap::new();
    let seen = |it: &&repo::Made| right.zone().is_none_or(|zone| zone.contains(&it.building_id));
    for it in made.iter().filter(seen) {
        let officer = UserId::from_uuid(it.officer_id);
        homes_of.entry(officer).or_default().insert(UnitId::from_uuid(it.unit_id));
        all.officers.entry(officer).or_default().1 += it.times;
    }
    for (officer, homes) in homes_of {
        all.officers.entry(officer).or_default().0 = homes.len();
    }
    Ok(all)
}
