//! Who sees which order.

use super::{
    WORK_ORDER_READ, WorkOrderId,
    domain::WorkOrder,
    repo::{self, Covered},
};
use crate::Refused;
use authz::{Caller, EstateScope, Reach};
use chrono::{DateTime, TimeZone as _, Utc};
use contracts::{PersonId, UnitId};
use db::TenantScope;
use ids::EstateId;
use places::{estates, homes};

/// Which orders of its estate a right covers.
pub(super) async fn covered(scope: &TenantScope, right: &EstateScope) -> Result<Covered, Refused> {
    if let Some(person) = right.own_person() {
        let person = PersonId::from_uuid(person);
        return Ok(Covered::Own(person, since(scope, right.estate(), person).await?));
    }
    if let Some(zone) = right.zone() {
        return Ok(Covered::Buildings(zone.to_vec()));
    }
    Ok(match right.reach() {
        Reach::Assigned => Covered::AssignedTo(right.subject().user()),
        _ => Covered::All,
    })
}

/// The units that are a person's today, and since when they are: what was before is others'.
///
/// # Errors
/// When reading fails.
pub(crate) async fn since(
    scope: &TenantScope,
    estate: EstateId,
    person: PersonId,
) -> Result<Vec<(UnitId, DateTime<Utc>)>, Refused> {
    let Some(known) = estates::find(scope, estate).await? else { return Ok(Vec::new()) };
    let today = known.today(scope);
    let ties = homes::of_person(scope, estate, person).await?;
    let begun = |day: chrono::NaiveDate| {
        let midnight = day.and_time(chrono::NaiveTime::MIN);
        let local = known.zone.from_local_datetime(&midnight).earliest();
        local.map_or_else(|| midnight.and_utc(), |local| local.to_utc())
    };
    let now = ties.into_iter().filter(|tie| tie.on(today));
    Ok(now.map(|tie| (tie.unit, begun(tie.from))).collect())
}

impl Covered {
    /// Whether an order is among them.
    pub(super) fn has(&self, order: &WorkOrder) -> bool {
        match self {
            Self::All => true,
            Self::Buildings(zone) => {
                order.building.is_some_and(|building| zone.contains(&building.as_uuid()))
            }
            Self::AssignedTo(user) => order.assignee == Some(*user),
            Self::Own(person, units) => {
                let here = |(unit, since): &(UnitId, DateTime<Utc>)| {
                    order.unit == Some(*unit) && *since <= order.created_at
                };
                order.reporter == Some(*person) || units.iter().any(here)
            }
        }
    }
}

/// The order, if a right covers it.
///
/// # Errors
/// `NOT_FOUND`.
pub(super) async fn within(
    scope: &TenantScope,
    right: &EstateScope,
    order: &WorkOrder,
) -> Result<(), Refused> {
    let here = right.estate() == order.estate && covered(scope, right).await?.has(order);
    if here { Ok(()) } else { Err(Refused::not_found()) }
}

/// The order, when the caller may see it.
///
/// # Errors
/// `NOT_FOUND`.
pub(super) async fn visible(
    scope: &TenantScope,
    caller: &Caller,
    id: WorkOrderId,
) -> Result<WorkOrder, Refused> {
    let order = repo::find(scope, id).await?.ok_or_else(Refused::not_found)?;
    let right = caller.read(WORK_ORDER_READ, order.estate)?;
    within(scope, &right, &order).await?;
    Ok(order)
}

/// The estate of an order that the caller may see, e.g. for what is attached to it.
///
/// # Errors
/// `NOT_FOUND`.
pub(crate) async fn seen(
    scope: &TenantScope,
    caller: &Caller,
    id: WorkOrderId,
) -> Result<EstateId, Refused> {
    Ok(visible(scope, caller, id).await?.estate)
}

/// Whoever sees all work orders of an estate sees its incidents.
///
/// # Errors
/// `NOT_FOUND`.
pub(crate) async fn sees_incidents(
    scope: &TenantScope,
    caller: &Caller,
    estate: EstateId,
) -> Result<(), Refused> {
    let right = caller.read(WORK_ORDER_READ, estate)?;
    match covered(scope, &right).await? {
        Covered::All => Ok(()),
        _ => Err(Refused::not_found()),
    }
}
