//! 公示: what owners are told of prices, common income and the maintenance fund, in versions.

pub mod domain;
mod gather;
pub(crate) mod graphql;
mod migrations;
mod publish;
mod repo;

pub use domain::{Body, CommonPart, FundPart, Rate, Sum};
pub(crate) use gather::gather;
pub(crate) use migrations::migration;
pub(crate) use publish::{Publish, publish};
pub(crate) use repo::{Disclosure, find};

use authz::Permission;

/// See what was disclosed.
pub const DISCLOSURE_READ: Permission = Permission::new("disclosure.read");
/// Publish a disclosure.
pub const DISCLOSURE_PUBLISH: Permission = Permission::new("disclosure.publish");
