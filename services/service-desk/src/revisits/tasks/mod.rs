//! The single revisit: due, tried, made, reviewed.

pub(in crate::revisits) mod domain;
pub(in crate::revisits) mod repo;

pub(in crate::revisits) use domain::Revisit;
pub(crate) use domain::{Rating, RevisitState};
