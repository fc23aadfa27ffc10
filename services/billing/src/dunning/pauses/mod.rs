//! Times in which nothing is demanded: while a complaint is open, while staff say so, while a bill
//! is disputed.

mod begin;
mod domain;
mod end;
mod events;
pub(super) mod graphql;
mod repo;

use domain::{Hold, PauseKind};
pub(crate) use events::subscriptions;
pub(super) use repo::of_account;
