//! Cases: one account's arrears from the first overdue day until nothing is owed.

mod advance;
mod assign;
pub(super) mod graphql;
mod job;
mod open;
mod repo;
mod skip;

pub(super) use advance::{advance, close, due_bills};
pub(super) use job::cause;
#[cfg(test)]
pub(super) use job::sweep;
pub(crate) use job::{enqueue, job};
pub(super) use repo::{Case, done, find, lock, reopen, save, tasks_of};
