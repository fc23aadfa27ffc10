//! What identity tells.

use crate::{PersonId, UnitId};
use events::Event;
use ids::EstateId;
use serde::{Deserialize, Serialize};

/// An estate was created or its master data changed; always whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EstateChanged {
    /// The estate.
    pub estate: EstateId,
    /// Short code, unique in the company, e.g. in receipt numbers.
    pub code: String,
    /// Its name.
    pub name: String,
    /// IANA name, e.g. `Asia/Shanghai`.
    pub time_zone: String,
    /// ISO 4217, e.g. `CNY`.
    pub currency: String,
}

impl Event for EstateChanged {
    const KIND: &'static str = "identity.estate_changed";
    fn aggregate(&self) -> String {
        self.estate.to_string()
    }
}

/// A resident used an invitation: from now on this account acts for the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResidentSignedUp {
    /// The estate of the inviting unit.
    pub estate: EstateId,
    /// The person.
    pub person: PersonId,
    /// The unit of the invitation.
    pub unit: UnitId,
}

impl Event for ResidentSignedUp {
    const KIND: &'static str = "identity.resident_signed_up";
    fn aggregate(&self) -> String {
        self.person.to_string()
    }
}

/// A member of staff was added, renamed or left; always whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffChanged {
    /// Their account.
    pub staff: uuid::Uuid,
    /// What they are called.
    pub name: String,
    /// Whether they work for the company.
    pub active: bool,
}

impl Event for StaffChanged {
    const KIND: &'static str = "identity.staff_changed";
    fn aggregate(&self) -> String {
        self.staff.to_string()
    }
}
