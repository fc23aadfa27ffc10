//! The price list: services with their terms from a day on.

pub(crate) mod domain;
pub(super) mod graphql;
pub(super) mod repo;
mod save;
