//! Residents' accounts: an invitation of staff, redeemed once with its code.

mod events;
mod http;
mod migrations;
mod redeem;
mod repo;

pub use events::subscriptions;
pub use http::routes;
pub use migrations::migration;
pub use repo::{estates_of, name_of};

#[cfg(test)]
mod tests;
