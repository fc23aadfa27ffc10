//! How a person wants to be written to: language, channels by kind, confirmed addresses.

mod change;
mod confirm;
pub mod graphql;
pub(super) mod repo;

pub(super) use change::oneself;
pub(crate) use repo::Address;
pub use repo::{WishBook, wishes};
