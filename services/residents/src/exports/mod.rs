//! The roster of an estate in our own file, which imports to the same state.

pub mod graphql;
mod write;

pub use write::{Exported, export_roster};

use authz::Permission;

/// Export rosters, with personal data in the clear.
pub const ROSTER_EXPORT: Permission = Permission::new("roster.export");
