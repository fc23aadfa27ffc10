//! Import of an estate's structure, people and parking from a roster file: dry run, choices,
//! background work in chunks, billing's half afterwards.

mod act;
mod apply;
mod domain;
mod doubts;
mod dry_run;
mod events;
pub mod graphql;
mod identity;
mod job;
mod migrations;
mod reading;
mod repo;
mod roster;
mod settle;
mod start;
mod ties;

pub use act::{adjust_mapping, confirm_import, read_import};
pub use domain::{Import, ImportState, Rows};
pub use events::subscription;
pub use identity::is_valid_identity;
pub(crate) use job::job;
pub use migrations::{left_out, migration, reading as reading_state};
pub use roster::{Row, UnitRow, check_fees, read_roster};
pub use settle::{Choice, Doubt, WayOut, settle, undecided};
pub use start::{Importer, start_import};

use authz::Permission;

/// Import roster files.
pub const ROSTER_IMPORT: Permission = Permission::new("roster.import");

#[cfg(test)]
mod tests;
