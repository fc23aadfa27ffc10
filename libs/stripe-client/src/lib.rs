//! Stripe as a `PaymentProvider`; the only crate that knows async-stripe.

mod checkout;
mod connect;
mod convert;
mod provider;
mod query;
mod refunds;
mod saved;
mod settlement;
mod webhook;

#[cfg(test)]
mod tests;

pub use provider::{StripeConfig, StripeProvider};
