//! The ladder of an estate: which step is due when, what may be repeated and when somebody may be
//! contacted.

mod domain;
pub(super) mod graphql;
mod repo;
mod set;

pub(crate) use domain::{Fired, Ladder};
pub(super) use domain::{Rung, after};
pub(super) use repo::{Versioned, in_force, version};
use set::set;
