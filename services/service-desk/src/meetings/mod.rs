//! Meetings (会议): minutes with attendance, and decisions that become tasks, which somebody else than
//! their owner verifies (handbook ch. 25).

mod domain;
pub mod graphql;
#[cfg(test)]
pub(crate) mod list_rows;
mod migrations;
mod reassign;
mod record;
mod repo;
mod say;
mod tasks;
#[cfg(test)]
mod tests;

pub(crate) use migrations::{migration, reasons_migration};

use authz::Permission;

/// See minutes and tasks, and finish one's own tasks.
pub const MEETING_READ: Permission = Permission::new("meeting.read");
/// Record meetings, verify tasks of others, give them to somebody else and cancel them.
pub const MEETING_RECORD: Permission = Permission::new("meeting.record");

ids::prefixed_id!(
    /// A meeting.
    MeetingId, "mtg");
ids::prefixed_id!(
    /// A task that a meeting decided.
    TaskId, "tsk");
