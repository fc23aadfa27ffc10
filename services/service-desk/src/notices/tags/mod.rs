//! Marks on units, by which notices choose them.

pub(super) mod graphql;
mod repo;

pub(super) use repo::of_estate;
