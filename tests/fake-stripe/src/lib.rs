//! A stateful peer that answers as Stripe does: for tests, and for trying payments with no account
//! and no network.

mod api;
mod control;
mod faults;
mod form;
mod pages;
mod peer;
mod persist;
mod server;
mod state;
mod webhooks;

#[cfg(test)]
mod tests;

pub use faults::{Fault, WebhookFaults};
pub use peer::{Builder, FakeStripe, Fees};
pub use state::{Endpoint, Kind};
pub use webhooks::Forgery;
