//! What is written to a debtor in each step, and what may never be written.

mod domain;
pub(super) mod graphql;
mod repo;
mod set;
mod unlawful;

pub(super) use domain::{Facts, Wording};
pub(super) use repo::in_force;
use repo::{Template, page};
