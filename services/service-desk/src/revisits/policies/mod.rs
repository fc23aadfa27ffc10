//! How much of what is revisited, when and by whom: the product's defaults and what an estate sets
//! instead, from a day on.

pub(in crate::revisits) mod domain;
pub(in crate::revisits) mod repo;
mod set;

pub(in crate::revisits) use domain::{Mode, Policy, Visitor};
pub(in crate::revisits) use set::{SetPolicy, set};
