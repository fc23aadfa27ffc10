//! What billing must know of estates, units, people and parking spaces: projections of other
//! services' facts.

mod domain;
pub(crate) mod events;
mod migrations;
mod repo;

pub use domain::{Estate, Terms};
pub(crate) use events::subscriptions;
pub(crate) use migrations::migration;
pub use repo::{find, lock};
