//! How well dunning does.

mod domain;
pub(super) mod graphql;
mod repo;

pub(super) use domain::{Figures, per_cent};
pub(super) use repo::of_estate;
