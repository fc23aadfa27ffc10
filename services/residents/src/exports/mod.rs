//! The roster of an estate in our own file, which imports to the same state.

mod fees;
pub mod graphql;
mod write;

pub use write::{Exported, export_roster};

use authz::Permission;

/// Export rosters, with personal data in the clear.
pub const ROSTER_EXPORT: Permission = Permission::new("roster.export");
/// See prices, which an export holds for whoever may; the permission is billing's.
pub const FEE_READ: Permission = Permission::new("fee.read");
