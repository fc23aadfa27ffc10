//! Why identity refuses, and how a refusal reads over GraphQL and HTTP.

use crate::say;
use authz::Denied;
use axum::response::{IntoResponse, Response};
use db::StorageError;
use errors::{Code, Coded, Invalid, expected};
use texts::Text;

/// What may go wrong in any feature of this service.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The caller may not, or there is no such object.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// An input is wrong.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The state of things does not allow it.
    #[error("{0}")]
    Conflict(Text),
    /// Unknown company, unknown login, wrong password, ended session: all read the same.
    #[error("the company, the login or the password is wrong, or the sign-in has ended")]
    NotSignedIn,
    /// A one-time code or link that is unknown, used or too old.
    #[error("the code is wrong, was used before or has expired")]
    CodeNotValid,
    /// Too many attempts.
    #[error("too many attempts; try again in {seconds} seconds")]
    TooManyAttempts {
        /// When to come back.
        seconds: u64,
    },
    /// Reading or writing failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A key cannot be used.
    #[error("a key cannot be used")]
    Vault(#[from] vault::VaultError),
    /// A defect on our side.
    #[error("{0}")]
    Defect(String),
}

impl IdentityError {
    /// There is no such object, or the caller may not know of it.
    pub fn hidden() -> Self {
        Self::Denied(Denied::Hidden)
    }
}

impl Coded for IdentityError {
    fn code(&self) -> Code {
        match self {
            Self::Denied(denied) => denied.code(),
            Self::Invalid(_) => Code::Invalid,
            Self::Conflict(_) => Code::Conflict,
            Self::NotSignedIn | Self::CodeNotValid => Code::Unauthenticated,
            Self::TooManyAttempts { .. } => Code::RateLimited,
            Self::Storage(error) => error.code(),
            Self::Vault(vault::VaultError::Unavailable) => Code::Unavailable,
            Self::Vault(_) | Self::Defect(_) => Code::Internal,
        }
    }

    fn text(&self) -> Text {
        match self {
            Self::Denied(denied) => denied.text(),
            Self::Invalid(invalid) => invalid.text(),
            Self::Conflict(reason) => reason.clone(),
            Self::NotSignedIn => say::not_signed_in(),
            Self::CodeNotValid => say::code_not_valid(),
            Self::TooManyAttempts { seconds } => expected::patience(*seconds),
            Self::Storage(_) | Self::Vault(_) | Self::Defect(_) => self.code().text(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::Invalid(invalid) => invalid.field(),
            _ => None,
        }
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::TooManyAttempts { seconds } => Some(*seconds),
            Self::Storage(error) => error.retry_after_seconds(),
            _ => None,
        }
    }
}

impl IntoResponse for IdentityError {
    fn into_response(self) -> Response {
        service_http::refusal(&self)
    }
}
