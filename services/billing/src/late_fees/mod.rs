//! Late fees (违约金): what the contract says, what has grown by a day, and what money has met of it.

mod book;
pub mod domain;
pub(crate) mod graphql;
mod migrations;
mod quoting;
mod repo;
mod set_terms;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use book::{book, item};
pub use domain::{Contract, LateFeeQuote, LateFeeTerms, Pause, Segment};
pub(crate) use migrations::migration;
pub use quoting::quote;
pub(crate) use repo::contract;
