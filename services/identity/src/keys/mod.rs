//! The keys that sign access tokens: Ed25519, the private half sealed under the master key.

mod http;
mod migrations;
mod repo;
mod sign;

pub use http::routes;
pub use migrations::migration;
pub use sign::Keys;
