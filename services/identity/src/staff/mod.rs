//! The company's staff and their positions.

mod add;
mod end;
mod events;
pub mod graphql;
mod migrations;
mod positions;
mod repo;
mod update;

pub use add::{NewStaff, insert};
pub use migrations::migration;
pub use repo::{Staff, StaffMembers, count, name_of};

use authz::Permission;
use ids::prefixed_id;

/// Sees the staff.
pub const STAFF_READ: Permission = Permission::new("staff.read");
/// Adds, changes and ends staff, and their sign-in.
pub const STAFF_MANAGE: Permission = Permission::new("staff.manage");

prefixed_id!(
    /// A position (岗位) of the company.
    PositionId, "pos");

#[cfg(test)]
mod tests;
