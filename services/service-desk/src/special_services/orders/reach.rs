//! Which orders a right covers.

use super::{domain::Order, repo};
use crate::{
    Refused, homes,
    special_services::{ORDER_READ, OrderId},
};
use authz::{Caller, EstateScope, Reach};
use contracts::{PersonId, UnitId, residents::MemberKind};
use db::TenantScope;
use ids::EstateId;
use uuid::Uuid;

/// A resident, and with whom they live today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Household {
    /// The resident, whose own orders stay theirs.
    pub person: Uuid,
    /// Their units, each with whose orders are those of the household.
    pub homes: Vec<(Uuid, Vec<Uuid>)>,
}

/// Which orders of an estate are covered: all, or those of some buildings, of a household, of a
/// worker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reached {
    /// Only those of these buildings.
    pub zone: Option<Vec<Uuid>>,
    /// Only those of this household.
    pub household: Option<Household>,
    /// Only those that this account works on.
    pub worker: Option<Uuid>,
}

impl Reached {
    /// What a right covers.
    pub(super) async fn of(scope: &TenantScope, right: &EstateScope) -> Result<Self, Refused> {
        let assigned = matches!(right.reach(), Reach::Assigned);
        let household = match right.own_person() {
            Some(person) => Some(household(scope, right.estate(), person).await?),
            None => None,
        };
        Ok(Self {
            zone: right.zone().map(<[Uuid]>::to_vec),
            household,
            worker: assigned.then(|| right.subject().user().as_uuid()),
        })
    }

    /// Whether an order is among them.
    pub(super) fn covers(&self, order: &Order) -> bool {
        let near = self.zone.as_ref().is_none_or(|zone| zone.contains(&order.building.as_uuid()));
        let own = self.household.as_ref().is_none_or(|household| household.has(order));
        let mine = |worker: Uuid| order.workers.iter().any(|one| one.as_uuid() == worker);
        near && own && self.worker.is_none_or(mine)
    }
}

impl Household {
    fn has(&self, order: &Order) -> bool {
        let (unit, person) = (order.unit.as_uuid(), order.person.as_uuid());
        let theirs = |(home, people): &(Uuid, Vec<Uuid>)| *home == unit && people.contains(&person);
        person == self.person || self.homes.iter().any(theirs)
    }
}

/// With whom a resident lives today. Who moved out is none of them, nor is a tenant of the owner's,
/// nor the owner of the tenant's: each pays for their own.
async fn household(
    scope: &TenantScope,
    estate: EstateId,
    person: Uuid,
) -> Result<Household, Refused> {
    let units = homes::own_units(scope, estate, PersonId::from_uuid(person)).await?;
    let today = places::estates::today(scope, estate).await?;
    let members = places::homes::members(scope, units.iter().copied()).await?;
    let now: Vec<_> = members.into_iter().filter(|member| member.on(today)).collect();
    let home = |unit: UnitId| {
        let here = || now.iter().filter(move |member| member.unit == unit);
        let own = here().find(|member| member.person.as_uuid() == person).map(|own| own.kind);
        let with = here().filter(|member| live_together(own, member.kind));
        (unit.as_uuid(), with.map(|member| member.person.as_uuid()).collect())
    };
    let homes = units.into_iter().map(home).collect();
    Ok(Household { person, homes })
}

fn live_together(own: Option<MemberKind>, other: MemberKind) -> bool {
    use MemberKind::{Developer, Lessee, Owner};
    let apart = [(Owner, Lessee), (Lessee, Owner)];
    own.is_some_and(|own| own != Developer && other != Developer && !apart.contains(&(own, other)))
}

/// An order that the caller may see.
///
/// # Errors
/// `NOT_FOUND`.
pub(super) async fn visible(
    scope: &TenantScope,
    caller: &Caller,
    id: OrderId,
) -> Result<Order, Refused> {
    let order = repo::find(scope, id).await?.ok_or_else(Refused::not_found)?;
    let right = caller.read(ORDER_READ, order.estate)?;
    let reached = Reached::of(scope, &right).await?;
    if reached.covers(&order) { Ok(order) } else { Err(Refused::not_found()) }
}

/// The estate of an order that the caller may see, for what is attached to it.
///
/// # Errors
/// `NOT_FOUND`.
pub(crate) async fn seen(
    scope: &TenantScope,
    caller: &Caller,
    id: OrderId,
) -> Result<EstateId, Refused> {
    Ok(visible(scope, caller, id).await?.estate)
}

/// Whether somebody speaks for the household of an order: whose it is, or lives with them today.
///
/// # Errors
/// When reading fails.
pub(super) async fn speaks_for(
    scope: &TenantScope,
    order: &Order,
    person: PersonId,
) -> Result<bool, Refused> {
    Ok(household(scope, order.estate, person.as_uuid()).await?.has(order))
}
