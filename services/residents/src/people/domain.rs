//! What a person is.

use contracts::{PersonId, residents::PartyName};
use ids::EstateId;
use personal::mask_name;

/// What a party is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartyKind {
    /// A natural person.
    Person,
    /// A company or other body; its name is no personal data.
    Company,
}

/// A person or organisation, with what may be shown of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The person.
    pub id: PersonId,
    /// The estate that keeps the record.
    pub estate: EstateId,
    /// The code files refer to, unique in the estate.
    pub code: String,
    /// The whole name.
    pub name: String,
    /// Person or company.
    pub kind: PartyKind,
    /// `M` or `F`.
    pub gender: Option<String>,
    /// The year of birth.
    pub birth_year: Option<i64>,
    /// The phone, masked.
    pub phone_masked: Option<String>,
    /// The identity number, masked.
    pub identity_masked: Option<String>,
}

impl Person {
    /// The name as everybody with a right to see people sees it.
    pub fn shown_name(&self) -> String {
        match self.kind {
            PartyKind::Person => mask_name(&self.name),
            PartyKind::Company => self.name.clone(),
        }
    }

    /// The name as other services hear of it.
    pub fn party_name(&self) -> PartyName {
        PartyName { full: self.name.clone(), shown: self.shown_name() }
    }
}
