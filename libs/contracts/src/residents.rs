//! What residents tells.

use crate::{BuildingId, FileId, ImportId, ParkingSpaceId, PersonId, UnitId};
use chrono::NaiveDate;
use events::Event;
use ids::EstateId;
use money::Area;
use serde::{Deserialize, Serialize};

/// What a unit is used for; fee standards may differ by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitUse {
    /// A home (住宅).
    Residential,
    /// A shop (商铺).
    Shop,
    /// An office (办公).
    Office,
    /// Anything else with an area.
    Other,
}

/// In what capacity somebody belongs to a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberKind {
    /// The developer (建设单位), before handover.
    Developer,
    /// An owner (业主).
    Owner,
    /// A lessee (承租人).
    Lessee,
    /// A member of the household who neither owns nor leases (家庭成员).
    Family,
}

/// A unit's master data, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitFact {
    /// The unit.
    pub unit: UnitId,
    /// Its building.
    pub building: BuildingId,
    /// The building's code, e.g. `3`.
    pub building_code: String,
    /// Building-entrance-number, e.g. `3-1-1201`; unique in the estate.
    pub label: String,
    /// Fee base.
    pub gross_area: Area,
    /// What it is used for.
    pub used_as: UnitUse,
}

/// Units were registered or changed (at most 500).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitsChanged {
    /// The estate.
    pub estate: EstateId,
    /// The units.
    pub units: Vec<UnitFact>,
}

impl Event for UnitsChanged {
    const KIND: &'static str = "residents.units_changed";
    fn aggregate(&self) -> String {
        self.estate.to_string()
    }
}

/// What a person or company is called; personal data. Whoever knows people says how a name is shown;
/// nobody else has rules of masking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyName {
    /// In full, for receipts and for the person themself.
    pub full: String,
    /// As staff see it: a person's masked (`张*`), a company's in full.
    pub shown: String,
}

/// One person's tie to a unit during some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberFact {
    /// The person.
    pub person: PersonId,
    /// The person's name, for bills and receipts.
    pub name: PartyName,
    /// In what capacity.
    pub kind: MemberKind,
    /// First day.
    pub from: NaiveDate,
    /// Last day, inclusive; `None` while it lasts.
    pub to: Option<NaiveDate>,
    /// Whether this person is charged for the unit on these days.
    pub pays: bool,
}

/// Everybody who belongs, belonged or will belong to one unit; always whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitMembers {
    /// The unit.
    pub unit: UnitId,
    /// Its people.
    pub members: Vec<MemberFact>,
}

/// The people of units changed (at most 500 units): `OccupancyStarted/Ended` of the handbook 0.6
/// in one form that can be applied again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembersChanged {
    /// The estate.
    pub estate: EstateId,
    /// The units with their people.
    pub units: Vec<UnitMembers>,
}

impl Event for MembersChanged {
    const KIND: &'static str = "residents.members_changed";
    fn aggregate(&self) -> String {
        self.estate.to_string()
    }
}

/// A parking space's master data, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParkingSpaceFact {
    /// The space.
    pub space: ParkingSpaceId,
    /// Lot and code, e.g. `1-C0001`; unique in the estate.
    pub label: String,
    /// Who has it, if anybody.
    pub holder: Option<PersonId>,
    /// The holder's name.
    pub holder_name: Option<PartyName>,
    /// The unit it is charged with, if any.
    pub unit: Option<UnitId>,
}

/// Parking spaces were registered or changed (at most 500).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParkingSpacesChanged {
    /// The estate.
    pub estate: EstateId,
    /// The spaces.
    pub spaces: Vec<ParkingSpaceFact>,
}

impl Event for ParkingSpacesChanged {
    const KIND: &'static str = "residents.parking_spaces_changed";
    fn aggregate(&self) -> String {
        self.estate.to_string()
    }
}

/// Residents took its part of an import; billing may now take the fee settings and fee links,
/// since every unit event of the import stands before this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterImported {
    /// The import.
    pub import: ImportId,
    /// The estate.
    pub estate: EstateId,
    /// The uploaded file, kept by residents.
    pub file: FileId,
    /// Nothing before this month is charged; its first day.
    pub cut_over: NaiveDate,
    /// Who asked for it, for the audit log.
    pub requested_by: String,
    /// What the file was called; empty in events from before it was told.
    #[serde(default)]
    pub file_name: String,
    /// How the file is read, a `sheets::Mapping` in JSON; recognised anew in events from before
    /// it was told.
    #[serde(default)]
    pub mapping: Option<String>,
}

impl Event for RosterImported {
    const KIND: &'static str = "residents.roster_imported";
    fn aggregate(&self) -> String {
        self.import.to_string()
    }
}

/// A file was uploaded or produced, or deleted; identity counts what a company keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileKept {
    /// The file.
    pub file: FileId,
    /// Its size; less than nothing when it is not kept any more.
    pub bytes: i64,
}

impl Event for FileKept {
    const KIND: &'static str = "residents.file_kept";
    fn aggregate(&self) -> String {
        self.file.to_string()
    }
}

/// Staff invited a person to open an account; the code itself is known to nobody but them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResidentInvited {
    /// The estate.
    pub estate: EstateId,
    /// The unit.
    pub unit: UnitId,
    /// The person.
    pub person: PersonId,
    /// The person's name, shown at sign-up; personal data.
    pub name: String,
    /// The person's phone, which becomes the sign-in name; personal data.
    pub phone: String,
    /// SHA-256 of the one-time code, hex.
    pub code_hash: String,
    /// Good until.
    pub expires: chrono::DateTime<chrono::Utc>,
}

impl Event for ResidentInvited {
    const KIND: &'static str = "residents.resident_invited";
    fn aggregate(&self) -> String {
        self.person.to_string()
    }
}
