//! Inboxes in the app: unread and read, each person's own.

pub mod graphql;
mod read;
mod repo;

pub(in crate::messages) use repo::withdraw;
pub use repo::{Entry, by_ids, insert};
pub(crate) use repo::{mark_all, of_letters_open_to};
