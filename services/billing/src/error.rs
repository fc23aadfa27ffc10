//! Why billing refuses an act; every feature's own reasons come together here.

use crate::{bills::SettleError, charges::ChargeError, fees::FeeError, ledger::ReverseError};
use authz::Denied;
use db::{IdempotencyError, StorageError};
use errors::{Code, Coded, Invalid, expected};
use texts::Text;

/// An act was refused.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// An input is wrong.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A price does not allow the step.
    #[error(transparent)]
    Fee(#[from] FeeError),
    /// No line can be computed.
    #[error(transparent)]
    Charge(#[from] ChargeError),
    /// A bill does not have that much open.
    #[error(transparent)]
    Settle(#[from] SettleError),
    /// An entry cannot be reversed.
    #[error(transparent)]
    Reverse(#[from] ReverseError),
    /// The idempotency key cannot be honoured.
    #[error(transparent)]
    Idempotency(#[from] IdempotencyError),
    /// The object is in a state that does not allow the act.
    #[error("{0}")]
    Conflict(Text),
    /// Something is not invoiced.
    #[error(transparent)]
    Invoice(#[from] crate::invoices::domain::InvoiceError),
    /// A produced file cannot be kept.
    #[error(transparent)]
    Files(#[from] files::FilesError),
    /// A document cannot be written.
    #[error(transparent)]
    Print(#[from] crate::documents::print::PrintError),
    /// Reading or writing failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Refused {
    /// Whether somebody else did the same at the same time and was first.
    pub fn is_race(&self) -> bool {
        match self {
            Self::Storage(error) => error.is_unique_violation(),
            _ => false,
        }
    }

    fn inner(&self) -> Option<&dyn Coded> {
        match self {
            Self::Denied(e) => Some(e),
            Self::Invalid(e) => Some(e),
            Self::Fee(e) => Some(e),
            Self::Charge(e) => Some(e),
            Self::Settle(e) => Some(e),
            Self::Reverse(e) => Some(e),
            Self::Idempotency(e) => Some(e),
            Self::Invoice(e) => Some(e),
            Self::Files(e) => Some(e),
            Self::Print(e) => Some(e),
            Self::Storage(e) => Some(e),
            Self::Conflict(_) => None,
        }
    }
}

impl Coded for Refused {
    fn code(&self) -> Code {
        self.inner().map_or(Code::Conflict, Coded::code)
    }
    fn text(&self) -> Text {
        match self {
            Self::Conflict(reason) => reason.clone(),
            _ => self.inner().map_or_else(|| self.code().text(), Coded::text),
        }
    }
    fn field(&self) -> Option<&str> {
        self.inner().and_then(Coded::field)
    }
    fn retry_after_seconds(&self) -> Option<u64> {
        self.inner().and_then(Coded::retry_after_seconds)
    }
}

/// A reason that an act asks for: 1 to 500 characters.
pub(crate) fn checked_reason(text: &str) -> Result<&str, Invalid> {
    let text = text.trim();
    if (1..=500).contains(&text.chars().count()) {
        Ok(text)
    } else {
        Err(Invalid::new("reason", expected::length(1, 500)))
    }
}
