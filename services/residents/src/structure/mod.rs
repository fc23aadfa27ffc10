//! Buildings, entrances and units.

mod domain;
pub mod graphql;
mod migrations;
pub mod repo;
mod visible;
mod write;

pub use domain::{Building, Unit, UnitState, read_state, read_use, use_word};
pub use migrations::{label_prefixes, migration};
pub use roster::label;
pub use visible::{Visible, visible_buildings, visible_units};
pub use write::{AddUnit, UpdateUnit, add_building, add_unit, update_unit};

use authz::Permission;

/// See units.
pub const UNIT_READ: Permission = Permission::new("unit.read");
/// Register and change buildings and units.
pub const UNIT_MANAGE: Permission = Permission::new("unit.manage");

ids::prefixed_id!(
    /// An entrance (单元) of a building.
    EntranceId, "ent");
