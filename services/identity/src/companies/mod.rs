//! The companies of the platform, and the operators who create, suspend and close them.

mod change_state;
pub mod command;
mod create;
pub mod graphql;
mod http;
mod migrations;
mod operators;
mod repo;
mod usage;

pub use create::{NewCompany, create};
pub use http::routes;
pub use migrations::{migration, storage};
pub use operators::{Operator, put as put_operator};
pub use repo::{Company, by_code, own};
pub use usage::subscriptions;

use authz::Permission;

/// Reads the company's own record.
pub const COMPANY_READ: Permission = Permission::new("company.read");

#[cfg(test)]
pub mod tests;
