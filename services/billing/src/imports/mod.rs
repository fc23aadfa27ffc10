//! Billing's half of an import: fee settings and fee links of a roster file, taken as proposals
//! once residents' half is in, and approved as a whole by somebody else.

mod approve;
mod decide;
mod events;
mod export;
pub(crate) mod graphql;
mod job;
mod links;
mod migrations;
mod repo;
mod resume;
mod settings;
mod source;
#[cfg(test)]
mod tests;
mod withdraw;

pub(crate) use approve::approve;
pub(crate) use events::subscription;
pub(crate) use export::routes;
pub(crate) use job::job;
pub(crate) use migrations::migration;
pub(crate) use repo::{FeeImport, ImportState};
pub(crate) use resume::resume;
pub(crate) use withdraw::withdraw;

use authz::Permission;

/// Import roster files; the permission is residents', its file is read here too.
pub const ROSTER_IMPORT: Permission = Permission::new("roster.import");
