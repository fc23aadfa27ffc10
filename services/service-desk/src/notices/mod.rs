//! Notices (通知): written, approved by somebody else, published at their time to whom they concern,
//! until they expire; how many they reached and who read them (handbook ch. 24, Part 2 (b)).

mod arrears;
mod audience;
mod audience_graphql;
mod decide;
mod domain;
pub mod graphql;
#[cfg(test)]
pub(crate) mod list_rows;
mod migrations;
mod publish;
mod read;
mod repo;
mod say;
mod standing;
mod tags;
#[cfg(test)]
pub(crate) mod tests;
mod write;

pub(crate) use audience::letters_read;
pub(crate) use migrations::{arrears_migration, migration, templates_migration};
pub use publish::job;
pub(crate) use read::{Letters, letters, seen, takes_files};

use authz::Permission;
use events::Subscription;

/// What notices hear of: who is in arrears.
pub(crate) fn subscription() -> Subscription {
    arrears::subscription()
}

/// See notices; those of one's own home for a resident.
pub const NOTICE_READ: Permission = Permission::new("notice.read");
/// Write notices and propose them, and say what marks a unit.
pub const NOTICE_WRITE: Permission = Permission::new("notice.write");
/// Approve notices that somebody else wrote.
pub const NOTICE_APPROVE: Permission = Permission::new("notice.approve");

ids::prefixed_id!(
    /// A notice.
    NoticeId, "ntc");
