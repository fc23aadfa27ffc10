//! Which units are in arrears, as billing tells, for notices to those that are not.

mod events;
mod repo;

pub(super) use events::subscription;
pub(super) use repo::of_estate;
