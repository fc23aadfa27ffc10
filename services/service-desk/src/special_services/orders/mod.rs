//! Orders of special services, from the request to the closing.

mod act;
pub(crate) mod domain;
mod events;
pub(super) mod graphql;
mod node_graphql;
mod notes;
pub(crate) mod quote;
mod reach;
pub(crate) mod repo;
mod request;

pub(crate) use events::subscriptions;
pub(crate) use notes::revisited;
pub(crate) use reach::seen;
