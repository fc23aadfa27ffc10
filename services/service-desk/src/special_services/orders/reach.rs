//! Which orders a right covers.

use super::domain::Order;
use authz::{EstateScope, Reach};
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
