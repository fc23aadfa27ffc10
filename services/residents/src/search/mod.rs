//! One box: unit number, name, phone tail or plate, answered with the household card.

mod find;
pub mod graphql;
mod repo;

pub use find::{Hit, Matched, search};
