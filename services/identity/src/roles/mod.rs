//! Roles, and who has which where.
//!
//! casbin is the authority on what grants mean ([`explain`]); services decide with the table that
//! `authz` compiles from the same rows, and a property test holds the two together.

mod authority;
mod domain;
mod edit;
mod explain;
mod grant;
pub mod graphql;
mod migrations;
mod repo;
mod revoke;

pub use grant::check_role;
pub use migrations::migration;
pub use repo::{Grants, all_grants, custom, insert_grant, revoke_all};

use authz::Permission;
use ids::prefixed_id;

/// Sees roles and grants.
pub const ROLE_READ: Permission = Permission::new("role.read");
/// Makes roles and grants them.
pub const ROLE_MANAGE: Permission = Permission::new("role.manage");

prefixed_id!(
    /// A grant: a user has a role in one estate or in the whole company.
    GrantId, "grt");

#[cfg(test)]
mod tests;
