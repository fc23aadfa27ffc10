//! The ladder of an estate: which step is due when, what may be repeated and when somebody may be
//! contacted.

mod domain;
pub(super) mod graphql;
mod repo;
mod set;

pub(super) use domain::{Fired, Ladder, Rung, after};
pub(super) use repo::{Versioned, in_force, version};
use set::set;
