//! The resident's own statement: what is owed and why, when it is due, how it can be paid, and what
//! happened before.

mod domain;
pub(crate) mod graphql;
mod migrations;
mod repo;
mod set_ways;
#[cfg(test)]
mod tests;

pub(crate) use migrations::migration;
