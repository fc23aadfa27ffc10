//! Until when a debt can be claimed at law.

mod domain;
pub(super) mod graphql;
mod repo;

pub(super) use domain::{Kind, Restart, barred_on, begun_by};
pub(super) use repo::{Aged, page, restarts};
