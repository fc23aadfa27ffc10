//! Sign-in, refresh and sign-out; sessions and what slows guessing down.

mod end;
pub mod graphql;
mod http;
mod migrations;
mod refresh;
mod repo;
mod sign_in;
pub mod throttle;
mod tokens;

pub use end::{end_all, end_others};
pub use http::{answer, routes};
pub use migrations::migration;
pub use repo::recently_ended;
pub use tokens::{Origin, Tokens, access_token, start};

#[cfg(test)]
mod tests;
