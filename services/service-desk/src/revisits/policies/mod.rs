//! How much of what is revisited, when and by whom: the product's defaults and what an estate sets
//! instead, from a day on.

pub(in crate::revisits) mod domain;
pub(in crate::revisits) mod repo;

pub(in crate::revisits) use domain::{Mode, Policy, Visitor};
