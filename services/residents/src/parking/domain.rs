//! What a parking space and a vehicle are.

use super::VehicleId;
use contracts::{ParkingSpaceId, PersonId, UnitId};
use ids::EstateId;
use money::Area;

/// A parking space (车位).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Space {
    /// The space.
    pub id: ParkingSpaceId,
    /// Its estate.
    pub estate: EstateId,
    /// The lot's code; empty when there is none.
    pub lot: String,
    /// Its code, unique in the lot.
    pub code: String,
    /// `ground` or `underground`.
    pub kind: Option<String>,
    /// Its area.
    pub area: Option<Area>,
    /// `sold` or `leased`.
    pub tenure: Option<String>,
    /// Who has it.
    pub holder: Option<PersonId>,
    /// The unit it is charged with.
    pub unit: Option<UnitId>,
}

impl Space {
    /// Lot and code, unique in the estate: `U-017`.
    pub fn label(&self) -> String {
        crate::structure::label(&self.lot, "", &self.code)
    }
}

/// A vehicle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vehicle {
    /// The vehicle.
    pub id: VehicleId,
    /// Its estate.
    pub estate: EstateId,
    /// Its number plate, without blanks and dots, in capitals.
    pub plate: String,
    /// Its brand.
    pub brand: Option<String>,
    /// `car`, `bus` or `truck`.
    pub kind: Option<String>,
    /// Its colour.
    pub colour: Option<String>,
    /// Whose it is.
    pub holder: Option<PersonId>,
    /// The space it stands on.
    pub space: Option<ParkingSpaceId>,
}

/// A plate as it is stored and looked up.
pub fn plain_plate(plate: &str) -> String {
    let kept = plate.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_uppercase).collect()
}
