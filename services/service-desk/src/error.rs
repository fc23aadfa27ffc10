//! Why the service desk refuses an act.

use authz::Denied;
use db::{IdempotencyError, StorageError};
use errors::{Code, Coded, Invalid};
use files::FilesError;
use personal::KeyError;
use texts::Text;
use vault::VaultError;

/// An act was refused.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// An input is wrong.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The object is in a state that does not allow the act, or somebody else changed it first.
    #[error("{0}")]
    Conflict(Text),
    /// The idempotency key cannot be honoured.
    #[error(transparent)]
    Idempotency(#[from] IdempotencyError),
    /// A file cannot be kept or handed out.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// A sealed value does not open.
    #[error("personal data cannot be opened")]
    Vault(#[from] VaultError),
    /// Another service does not answer, whose part of the work is needed.
    #[error("{0} does not answer; try again later")]
    Away(&'static str),
    /// Reading or writing failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Refused {
    /// No such object, or none this caller may know of.
    pub const fn not_found() -> Self {
        Self::Denied(Denied::Hidden)
    }

    /// A wrong input.
    pub fn invalid(field: impl Into<String>, reason: Text) -> Self {
        Self::Invalid(Invalid::new(field, reason))
    }

    /// Why a new row was not written: when there is one like it by now, somebody else was first.
    pub fn added_meanwhile(error: StorageError) -> Self {
        if error.is_unique_violation() {
            Self::Conflict(crate::say::changed_meanwhile())
        } else {
            error.into()
        }
    }

    fn inner(&self) -> Option<&dyn Coded> {
        match self {
            Self::Denied(e) => Some(e),
            Self::Invalid(e) => Some(e),
            Self::Idempotency(e) => Some(e),
            Self::Files(e) => Some(e),
            Self::Storage(e) => Some(e),
            Self::Conflict(_) | Self::Vault(_) | Self::Away(_) => None,
        }
    }
}

impl From<KeyError> for Refused {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Storage(error) => Self::Storage(error),
            KeyError::Vault(error) => Self::Vault(error),
        }
    }
}

impl Coded for Refused {
    fn code(&self) -> Code {
        match self {
            Self::Conflict(_) => Code::Conflict,
            Self::Vault(VaultError::NotOurs) => Code::Internal,
            Self::Vault(VaultError::Unavailable) | Self::Away(_) => Code::Unavailable,
            other => other.inner().map_or(Code::Internal, Coded::code),
        }
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
