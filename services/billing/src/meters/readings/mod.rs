//! Readings: entered, corrected and estimated; brought in at a cut-over.

pub(super) mod enter;
mod estimate;
pub(crate) mod graphql;
pub(super) mod opening;
