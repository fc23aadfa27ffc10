//! Which estates there are: identity's facts, kept here so that every write can check.

mod events;
mod migrations;
mod repo;

pub use events::subscription;
pub use migrations::migration;
pub use repo::{Estate, find, known, today};
