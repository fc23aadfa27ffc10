//! Orders of special services, from the request to the closing.

mod act;
pub(crate) mod domain;
mod events;
pub(super) mod graphql;
mod input_graphql;
mod node_graphql;
mod notes;
pub(crate) mod quote;
mod reach;
mod recorded;
pub(crate) mod repo;
mod request;
mod silence;

pub(crate) use events::subscriptions;
pub(crate) use notes::revisited;
pub(crate) use reach::seen;
pub(crate) use silence::job;
