//! Deliveries: each way of each letter, tried until the provider takes it, and the log of them.

pub mod graphql;
mod provider;
mod repo;
mod resend;
mod send;
mod sms;

pub use provider::Providers;
pub(super) use repo::drop_waiting;
pub use repo::{Delivery, insert};
pub use send::{JOB, job};
