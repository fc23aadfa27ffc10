//! What a billing account is.

use super::AccountId;
use crate::{
    estates::Terms,
    ids::{BuildingId, PersonId, UnitId},
};
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
    /// The party's name; personal data.
    pub name: String,
    /// Terms of its own; else those of the estate hold.
    pub terms: Option<Terms>,
}
