//! Import of an estate's structure, people and parking from a roster file: dry run, choices,
//! background work in chunks, billing's half afterwards.

mod act;
mod apply;
mod domain;
pub mod graphql;
mod identity;
mod job;
mod migrations;
mod repo;
mod roster;
mod ties;

pub use act::{Importer, adjust_mapping, confirm_import, read_import, start_import};
pub use domain::{Import, ImportState, Rows, WayOut};
pub use identity::is_valid_identity;
pub(crate) use job::job;
pub use migrations::migration;
pub use roster::{Choice, Roster, parse};

use authz::Permission;

/// Import roster files.
pub const ROSTER_IMPORT: Permission = Permission::new("roster.import");

#[cfg(test)]
pub(crate) mod tests;
