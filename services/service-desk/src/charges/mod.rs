//! Charges that the service desk asks billing for, and what became of them: asked once per
//! reference, answered by billing's events. A feature that charges calls [`request`] in the
//! transaction of its own act and reads [`states`].

pub(crate) mod domain;
mod events;
pub(crate) mod graphql;
mod migrations;
mod repo;
mod request;
#[cfg(test)]
mod tests;

pub use domain::{ChargeAsk, ChargeState};
pub(crate) use events::subscriptions;
pub(crate) use migrations::migration;
pub use repo::states;
pub use request::request;

/// The service's name in what it asks of billing.
pub(crate) const SOURCE: &str = "service-desk";
