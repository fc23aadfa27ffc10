//! What a billing account is.

use super::AccountId;
use crate::{
    estates::Terms,
    ids::{BuildingId, PersonId, UnitId},
};
use authz::{Denied, EstateScope};
use contracts::residents::PartyName;
use ids::EstateId;

/// Who owes: the key of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Debtor {
    /// The person or organisation.
    pub party: PersonId,
    /// The unit it owes for, if it is for one.
    pub unit: Option<UnitId>,
}

/// One debtor's account in an estate; there is one per party and unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillingAccount {
    /// Its id.
    pub id: AccountId,
    /// The estate.
    pub estate: EstateId,
    /// Who owes.
    pub debtor: Debtor,
    /// The unit's building, if it is for a unit.
    pub building: Option<BuildingId>,
    /// The party's name.
    pub name: PartyName,
    /// Terms of its own; else those of the estate hold.
    pub terms: Option<Terms>,
}

/// Whether a right to read covers an account: residents their own, officers those of their zone.
///
/// # Errors
/// [`Denied::Hidden`] when it does not.
pub fn visible(permit: &EstateScope, account: &BillingAccount) -> Result<(), Denied> {
    let own = permit.own_person().is_none_or(|own| own == account.debtor.party.as_uuid());
    let in_zone = permit.zone().is_none_or(|zone| {
        account.building.is_some_and(|building| zone.contains(&building.as_uuid()))
    });
    let inside = permit.estate() == account.estate && own && in_zone;
    if inside { Ok(()) } else { Err(Denied::Hidden) }
}
