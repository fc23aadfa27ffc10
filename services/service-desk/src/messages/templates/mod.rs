//! Templates of messages: words in both languages with placeholders, of the company or of an
//! estate, each saving a version.

pub(crate) mod domain;
mod fill;
pub mod graphql;
mod repo;
mod save;

pub(crate) use domain::{Used, checked_words};
pub(crate) use fill::fill;
