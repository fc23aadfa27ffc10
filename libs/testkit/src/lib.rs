//! Tests of a service from the outside: a request in, an answer and an event out.
//!
//! [`World`] runs services as production does, on SQLite or PostgreSQL, with identity played by a
//! stand-in: companies, estates and staff are there in microseconds, and tokens are minted here.
//! One world serves a whole test binary; every test takes a company of its own.

mod answer;
mod databases;
mod identity;
pub mod lists;
pub mod mail;
#[cfg(test)]
mod tests;
mod world;

pub use answer::Answer;
pub use databases::{Backend, raw_connection, service_databases};
pub use identity::StandIn;
pub use world::{Company, Signed, World, eventually, run};
