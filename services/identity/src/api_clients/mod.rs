//! API clients: programs a company lets in, with roles, an end date and a rate limit of their own.

mod create;
pub mod graphql;
mod http;
mod migrations;
mod repo;
mod revoke;
mod token;

pub use http::routes;
pub use migrations::migration;
pub use repo::limits;

use authz::Permission;

/// Makes and revokes API clients.
pub const API_CLIENT_MANAGE: Permission = Permission::new("api_client.manage");

#[cfg(test)]
mod tests;
