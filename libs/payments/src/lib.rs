//! The seam to whoever moves money: what billing asks a payment provider, and what it may rely on.

mod outcome;
mod provider;
mod request;
mod settlement;
mod webhook;

pub use outcome::{Failure, FailureKind, Outcome, ReadError};
pub use provider::PaymentProvider;
pub use request::{
    AccountState, ChargeSavedRequest, Checkout, CheckoutRequest, IdempotencyKey, Language,
    Merchant, MethodKind, Object, OwnKeys, Paid, PaymentObject, PaymentStatus, Refund,
    RefundRequest, RequestError, ReturnUrls, SaveCardRequest, SavedCard, Subject,
};
pub use settlement::{Payout, SettlementKind, SettlementLine};
pub use webhook::{EventKind, ProviderEvent, WebhookEndpoint, WebhookError};
