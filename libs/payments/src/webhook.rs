//! What a provider tells without being asked.

use crate::{Object, OwnKeys};

/// Where a webhook arrived; decides the secret and the account that count.
#[derive(Clone, Copy, Debug)]
pub enum WebhookEndpoint<'k> {
    /// The platform's endpoint, for its connected merchants.
    Platform,
    /// The endpoint of one company with its own keys.
    Own(&'k OwnKeys),
}

/// A verified announcement. It says that something may have changed, not what is true now: query
/// the object. May arrive several times and in any order; `id` is the same each time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderEvent {
    /// The provider's id; deduplicate by it.
    pub id: String,
    /// What it is about.
    pub kind: EventKind,
    /// What to query, if it is of a kind we know.
    pub object: Option<Object>,
    /// The merchant it counts for, and for no other; `None` is the platform itself.
    pub account: Option<String>,
}

/// What an announcement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// A checkout or payment changed.
    Payment,
    /// A refund changed.
    Refund,
    /// A dispute was opened, changed or closed.
    Dispute,
    /// A transfer to the bank changed.
    Payout,
    /// The merchant's account may take payments, or may no longer.
    Account,
    /// Nothing we act on: acknowledge and forget.
    Other,
}

/// Why an announcement is not believed; answer 400 and do nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// There is no signature, or it is not in the provider's form.
    #[error("the signature is missing or malformed")]
    Malformed,
    /// No signature fits the body and secret.
    #[error("the signature does not fit")]
    Mismatch,
    /// Signed more than five minutes away from now.
    #[error("the signature is too old or from the future")]
    Stale,
    /// Well signed, but not an event we can read.
    #[error("the body is not an event")]
    NotAnEvent,
    /// Well signed, but for another account than the endpoint's.
    #[error("the event names another account")]
    WrongAccount,
}
