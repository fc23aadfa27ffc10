//! Files of a company: sealed, in a folder or in S3, handed out by signed links that end soon.

mod http;
mod kind;
mod link;
mod say;
mod store;
mod upload;

pub use http::{downloads, handed_out};
pub use kind::{FileKind, sniff, sniff_attachment};
pub use link::Link;
pub use store::{FileStore, MAX_BYTES};
pub use upload::{MAX_UPLOAD, Upload, received};

use errors::{Code, Coded};
use texts::Text;

/// A file cannot be stored, found or read.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// No such file in this company, or the link is wrong or has ended.
    #[error("not found")]
    NotFound,
    /// Larger than [`MAX_BYTES`].
    #[error("file: must have at most {} MB", MAX_BYTES >> 20)]
    TooLarge,
    /// Neither XLSX nor text.
    #[error("file: must be XLSX or CSV")]
    WrongKind,
    /// Neither an image nor PDF, XLSX or text.
    #[error("file: must be JPEG, PNG, WebP, PDF, XLSX or CSV")]
    WrongAttachment,
    /// The form of an upload cannot be read.
    #[error("file: the form cannot be read, or is too large")]
    FormUnreadable,
    /// The form of an upload has no file.
    #[error("file: the form has no part `file`")]
    FormWithoutFile,
    /// The store does not answer.
    #[error("the file store does not answer")]
    Store(#[from] object_store::Error),
    /// The master key does not open it.
    #[error("the file cannot be opened")]
    Vault(#[from] vault::VaultError),
}

impl Coded for FilesError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::TooLarge
            | Self::WrongKind
            | Self::WrongAttachment
            | Self::FormUnreadable
            | Self::FormWithoutFile => Code::Invalid,
            Self::Store(_) => Code::Unavailable,
            Self::Vault(_) => Code::Internal,
        }
    }
    fn text(&self) -> Text {
        match self {
            Self::TooLarge => say::file_too_large(MAX_BYTES >> 20),
            Self::WrongKind => say::file_kind(),
            Self::WrongAttachment => say::attachment_kind(),
            Self::FormUnreadable => say::form_unreadable(),
            Self::FormWithoutFile => say::form_without_file(),
            Self::NotFound | Self::Store(_) | Self::Vault(_) => self.code().text(),
        }
    }
    fn field(&self) -> Option<&str> {
        (self.code() == Code::Invalid).then_some("file")
    }
}

#[cfg(test)]
mod tests;
