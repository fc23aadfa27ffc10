//! The catalogue of repairs: the tree of categories with what is promised and needed for each, and
//! the public price list of labour and material.

pub(crate) mod domain;
pub(crate) mod graphql;
mod repo;
mod save;

pub use domain::{Category, Price, PriceKind};
pub(super) use repo::{categories, prices};
