//! The policy for all services: who may do what, which sessions ended, which companies may write.
//!
//! Every change writes a new version in its own transaction ([`bump`]); services follow by long
//! poll ([`routes`]).

mod http;
mod migrations;
mod page;
mod repo;

pub use http::routes;
pub use migrations::migration;
#[cfg(test)]
pub use repo::head;
pub use repo::{bump, bump_all};

#[cfg(test)]
mod tests;
