//! Readings: entered, corrected and estimated.

pub(super) mod enter;
mod estimate;
pub(crate) mod graphql;
