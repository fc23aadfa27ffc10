//! Inviting a person to open a resident account.

pub mod graphql;
mod invite;

pub use invite::{Invitation, invite};

use authz::Permission;

/// Invite residents.
pub const RESIDENT_INVITE: Permission = Permission::new("resident.invite");
