//! Ratios of money: the collection rate.

pub mod domain;
pub(crate) mod graphql;
mod repo;
#[cfg(test)]
mod tests;

pub use domain::collection_rate;

use authz::Permission;

/// See how much of what is receivable was received.
pub const COLLECTION_READ: Permission = Permission::new("collection.read");
