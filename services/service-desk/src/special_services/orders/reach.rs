//! Which orders a right covers.

use super::{domain::Order, repo};
use crate::{
    Refused,
    special_services::{ORDER_READ, OrderId},
};
use authz::{Caller, EstateScope, Reach};
use db::TenantScope;
use ids::EstateId;
use uuid::Uuid;

/// Which orders of an estate are covered: all, or those of some buildings, of a person, of a
/// worker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reached {
    /// Only those of these buildings.
    pub zone: Option<Vec<Uuid>>,
    /// Only those of this person.
    pub person: Option<Uuid>,
    /// Only those that this account works on.
    pub worker: Option<Uuid>,
}

impl Reached {
    /// What a right covers.
    pub(super) fn of(right: &EstateScope) -> Self {
        let assigned = matches!(right.reach(), Reach::Assigned);
        Self {
            zone: right.zone().map(<[Uuid]>::to_vec),
            person: right.own_person(),
            worker: assigned.then(|| right.subject().user().as_uuid()),
        }
    }

    /// Whether an order is among them.
    pub(super) fn covers(&self, order: &Order) -> bool {
        let near = self.zone.as_ref().is_none_or(|zone| zone.contains(&order.building.as_uuid()));
        let own = self.person.is_none_or(|person| order.person.as_uuid() == person);
        let mine = |worker: Uuid| order.workers.iter().any(|one| one.as_uuid() == worker);
        near && own && self.worker.is_none_or(mine)
    }
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
    let reached = Reached::of(&caller.read(ORDER_READ, order.estate)?);
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
