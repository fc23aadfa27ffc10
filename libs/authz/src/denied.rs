//! How a refusal reads.

use crate::{Permission, say};
use errors::{Code, Coded};
use money::Fen;
use texts::Text;

/// The caller may not do this.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// There is no such object, or the caller may not know of it: both read the same.
    #[error("not found")]
    Hidden,
    /// The caller may see the object, but this right is missing.
    #[error("the permission `{0}` is missing")]
    Missing(Permission),
    /// The right ends below this amount.
    #[error("the permission `{permission}` ends at {limit}")]
    OverLimit {
        /// The right.
        permission: Permission,
        /// The largest amount it covers.
        limit: Fen,
    },
    /// Two acts that must be done by two people (handbook Part 2 (b), separation of duties).
    #[error("separation of duties: {0}")]
    SamePerson(Text),
    /// The company is suspended: it can read and export, not write.
    #[error("the company is suspended; nothing can be changed")]
    Suspended,
}

impl Coded for Denied {
    fn code(&self) -> Code {
        match self {
            Self::Hidden => Code::NotFound,
            Self::Missing(_) | Self::OverLimit { .. } | Self::SamePerson(_) => Code::Forbidden,
            Self::Suspended => Code::Suspended,
        }
    }
    fn text(&self) -> Text {
        match self {
            Self::Hidden | Self::Suspended => self.code().text(),
            Self::Missing(permission) => say::missing(permission.as_str()),
            Self::OverLimit { permission, limit } => say::over_limit(permission.as_str(), *limit),
            Self::SamePerson(rule) => say::same_person(rule.clone()),
        }
    }
}
