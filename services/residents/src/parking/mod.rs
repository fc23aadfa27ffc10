//! Parking spaces and vehicles, as far as a roster carries them.

mod domain;
pub mod graphql;
mod migrations;
pub mod repo;

pub use domain::{Space, Vehicle, plain_plate};
pub use migrations::migration;

use authz::Permission;

/// See parking spaces and vehicles.
pub const PARKING_READ: Permission = Permission::new("parking.read");

ids::prefixed_id!(
    /// A vehicle.
    VehicleId, "veh");
