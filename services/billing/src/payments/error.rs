//! Why an act with money is refused or could not be done.

use crate::payments::{PaymentError, RefundError};
use authz::Denied;
use db::{IdempotencyError, StorageError};
use errors::{Code, Coded, Invalid};
use texts::Text;

/// Why an act on a payment, receipt, refund or merchant account did not happen.
#[derive(Debug, thiserror::Error)]
pub enum PayError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// An input is wrong.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The key cannot be honoured.
    #[error(transparent)]
    Idempotency(#[from] IdempotencyError),
    /// Reading or writing failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A fact does not fit the payment.
    #[error(transparent)]
    Payment(#[from] PaymentError),
    /// A refund is refused.
    #[error(transparent)]
    Refund(#[from] RefundError),
    /// The ledger refuses the entry.
    #[error(transparent)]
    Ledger(#[from] crate::ledger::LedgerError),
    /// A bill does not allow it.
    #[error(transparent)]
    Settle(#[from] crate::bills::SettleError),
    /// The object is in a state that does not allow the act.
    #[error("{0}")]
    Conflict(Text),
    /// The payment provider could not be reached, or did not answer as agreed.
    #[error("payment provider: {0}")]
    Provider(String),
    /// What must be there is not.
    #[error("defect: {0}")]
    Defect(String),
}

impl Coded for PayError {
    fn code(&self) -> Code {
        match self {
            Self::Denied(error) => error.code(),
            Self::Invalid(error) => error.code(),
            Self::Idempotency(error) => error.code(),
            Self::Storage(error) => error.code(),
            Self::Payment(error) => error.code(),
            Self::Refund(error) => error.code(),
            Self::Ledger(error) => error.code(),
            Self::Settle(error) => error.code(),
            Self::Conflict(_) => Code::Conflict,
            Self::Provider(_) => Code::Unavailable,
            Self::Defect(_) => Code::Internal,
        }
    }
    fn text(&self) -> Text {
        match self {
            Self::Denied(error) => error.text(),
            Self::Invalid(error) => error.text(),
            Self::Idempotency(error) => error.text(),
            Self::Storage(error) => error.text(),
            Self::Payment(error) => error.text(),
            Self::Refund(error) => error.text(),
            Self::Ledger(error) => error.text(),
            Self::Settle(error) => error.text(),
            Self::Conflict(reason) => reason.clone(),
            Self::Provider(_) | Self::Defect(_) => self.code().text(),
        }
    }
    fn field(&self) -> Option<&str> {
        match self {
            Self::Invalid(error) => error.field(),
            Self::Idempotency(error) => error.field(),
            Self::Refund(error) => error.field(),
            Self::Ledger(error) => error.field(),
            _ => None,
        }
    }
}
