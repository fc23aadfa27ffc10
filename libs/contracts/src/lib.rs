//! What services tell each other: the payloads of events, versioned, and the ids inside them.
//!
//! A payload only ever gains optional fields; anything else is a new version. Lists in a payload
//! have at most [`MAX_BATCH`] entries, so that an import of 50,000 units is 100 events.

pub mod audit;
pub mod billing;
pub mod identity;
pub mod residents;
pub mod service_desk;

/// The most entries of a list in a payload.
pub const MAX_BATCH: usize = 500;

ids::prefixed_id!(
    /// A building (楼栋) of an estate.
    BuildingId, "bld");
ids::prefixed_id!(
    /// A unit (房屋): flat, shop or other space with an area.
    UnitId, "unt");
ids::prefixed_id!(
    /// A natural person or an organisation that owns, lives, pays or works somewhere.
    PersonId, "psn");
ids::prefixed_id!(
    /// A parking space (车位).
    ParkingSpaceId, "pks");
ids::prefixed_id!(
    /// One import of one uploaded file, across services.
    ImportId, "imp");
ids::prefixed_id!(
    /// An uploaded or produced file.
    FileId, "fil");
