//! Import of an estate's structure, people and parking.

mod identity;
mod roster;

pub use identity::is_valid_identity;
pub use roster::{Choice, Roster, parse};

#[cfg(test)]
mod tests;
