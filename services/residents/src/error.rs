//! How residents refuses.

use authz::Denied;
use db::StorageError;
use errors::{Code, Coded, Invalid};
use files::FilesError;
use personal::KeyError;
use sheets::SheetError;
use texts::Text;
use vault::VaultError;

/// Why an act of this service did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ResidentsError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// An input is wrong.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The object's state does not allow it.
    #[error("{0}")]
    Conflict(Text),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A sealed value does not open.
    #[error("personal data cannot be opened")]
    Vault(#[from] VaultError),
    /// The file store refused.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// Billing does not answer, whose part of the work is needed.
    #[error("billing does not answer; try again later")]
    BillingAway,
    /// The uploaded file cannot be read at all.
    #[error("fileId: {0}")]
    Sheet(#[from] SheetError),
}

impl ResidentsError {
    /// No such object, or none this caller may know of.
    pub const fn not_found() -> Self {
        Self::Denied(Denied::Hidden)
    }

    /// A wrong input.
    pub fn invalid(field: impl Into<String>, reason: Text) -> Self {
        Self::Invalid(Invalid::new(field, reason))
    }
}

impl From<KeyError> for ResidentsError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Storage(error) => Self::Storage(error),
            KeyError::Vault(error) => Self::Vault(error),
        }
    }
}

impl Coded for ResidentsError {
    fn code(&self) -> Code {
        match self {
            Self::Denied(denied) => denied.code(),
            Self::Conflict(_) => Code::Conflict,
            Self::Storage(error) => error.code(),
            Self::Vault(VaultError::Unavailable) | Self::BillingAway => Code::Unavailable,
            Self::Vault(VaultError::NotOurs) | Self::Sheet(SheetError::Write(_)) => Code::Internal,
            Self::Files(error) => error.code(),
            Self::Invalid(_) | Self::Sheet(_) => Code::Invalid,
        }
    }
    fn text(&self) -> Text {
        match self {
            Self::Denied(denied) => denied.text(),
            Self::Invalid(invalid) => invalid.text(),
            Self::Conflict(reason) => reason.clone(),
            Self::Files(error) => error.text(),
            Self::Sheet(error) => error.text().unwrap_or_else(|| self.code().text()),
            Self::BillingAway | Self::Storage(_) | Self::Vault(_) => self.code().text(),
        }
    }
    fn field(&self) -> Option<&str> {
        match self {
            Self::Invalid(invalid) => invalid.field(),
            Self::Files(error) => error.field(),
            Self::Sheet(SheetError::Write(_)) => None,
            Self::Sheet(_) => Some("fileId"),
            _ => None,
        }
    }
    fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::Storage(error) => error.retry_after_seconds(),
            _ => None,
        }
    }
}
