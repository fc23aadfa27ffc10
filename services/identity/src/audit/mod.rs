//! The audit log of the company: identity's own rows and those that other services tell.

mod collect;
pub mod graphql;
mod migrations;
mod repo;

pub use collect::subscriptions;
pub use migrations::migration;

use authz::Permission;

/// Reads the audit log.
pub const AUDIT_READ: Permission = Permission::new("audit.read");

#[cfg(test)]
mod tests;
