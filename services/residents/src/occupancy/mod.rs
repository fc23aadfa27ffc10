//! Who belongs to which unit from when to when, and who pays for it on which day.

mod domain;
pub mod graphql;
mod household;
mod migrations;
pub mod repo;
mod write;

pub use domain::{Occupancy, TwoPayers, check_payers, facts, payer_on};
pub use household::{Household, households};
pub use migrations::migration;
pub use write::{StartOccupancy, end_occupancy, start_occupancy};

use authz::Permission;

/// See who belongs to a unit.
pub const OCCUPANCY_READ: Permission = Permission::new("occupancy.read");
/// Start and end occupancies.
pub const OCCUPANCY_MANAGE: Permission = Permission::new("occupancy.manage");

ids::prefixed_id!(
    /// One person's tie to one unit during some days.
    OccupancyId, "occ");
