//! Quiet hours of an estate: what is not urgent waits until they end.

pub mod graphql;
mod repo;

pub(crate) use repo::of_estate;
