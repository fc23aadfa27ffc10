//! Announcements (公告) inside the company: to the staff of an estate or to posts, each of whom says
//! that they read it; who has not yet is known (handbook ch. 25).

pub mod graphql;
#[cfg(test)]
pub(crate) mod list_rows;
mod migrations;
mod publish;
mod repo;
#[cfg(test)]
mod tests;

pub(crate) use migrations::migration;

use authz::Permission;

/// See announcements, and say that one read them.
pub const ANNOUNCEMENT_READ: Permission = Permission::new("announcement.read");
/// Publish announcements, and see who has not read them.
pub const ANNOUNCEMENT_PUBLISH: Permission = Permission::new("announcement.publish");

ids::prefixed_id!(
    /// An announcement.
    AnnouncementId, "ann");
