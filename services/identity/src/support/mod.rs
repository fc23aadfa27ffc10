//! Platform operators who look into a company: asked for, approved by the company, at most four
//! hours, logged.

mod grants;
pub mod graphql;
mod migrations;
mod repo;
mod session;

pub use grants::request;
pub use migrations::migration;
pub use repo::in_force;
pub use session::open_session;

use authz::Permission;
use ids::prefixed_id;

/// Lets a platform operator look into the company.
pub const SUPPORT_APPROVE: Permission = Permission::new("support.approve");

prefixed_id!(
    /// A request of a platform operator to look into a company, and its approval.
    SupportGrantId, "sup");

#[cfg(test)]
mod tests;
