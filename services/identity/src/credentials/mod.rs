//! Accounts and their passwords: setting, changing, and resetting by a one-time link.

mod change;
pub mod graphql;
mod http;
mod migrations;
mod passwords;
mod repo;
mod reset;

pub use http::routes;
pub use migrations::migration;
pub use passwords::Passwords;
pub use repo::{Account, AccountKind, Accounts};
pub use reset::new_reset_token;

#[cfg(test)]
mod tests;
