//! Templates of messages: words in both languages with placeholders, of the company or of an
//! estate, each saving a version.

pub(crate) mod domain;
pub mod graphql;
mod repo;
mod save;

pub(crate) use domain::checked_words;
