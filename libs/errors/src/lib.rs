//! What a caller may be told: every failure knows its public code and its sentence.

pub mod expected;
pub mod input;

use texts::Text;

/// The public codes. `extensions.code` of a GraphQL error is always one of these, and the gateway
/// lets a message pass only when its code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// No valid token, or the session has ended.
    Unauthenticated,
    /// The object can be read, the act is not allowed.
    Forbidden,
    /// No such object, or none this caller may know of.
    NotFound,
    /// An input is wrong; `extensions.field` names it.
    Invalid,
    /// The object is in a state that does not allow the act, or somebody else changed it first.
    Conflict,
    /// The same idempotency key was used before with other input.
    IdempotencyMismatch,
    /// A projection of another service's facts has not reached the needed position yet: retry.
    ProjectionBehind,
    /// Too many attempts; `extensions.retryAfterSeconds` says when to come back.
    RateLimited,
    /// The company is suspended: reads work, writes do not.
    Suspended,
    /// A database or another service is not reachable now: retry.
    Unavailable,
    /// A defect on our side; the message never says more.
    Internal,
}

impl Code {
    /// Every code, for the gateway's allow-list and the documentation.
    pub const ALL: [Self; 11] = [
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::Invalid,
        Self::Conflict,
        Self::IdempotencyMismatch,
        Self::ProjectionBehind,
        Self::RateLimited,
        Self::Suspended,
        Self::Unavailable,
        Self::Internal,
    ];

    /// The text in `extensions.code`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::Invalid => "INVALID",
            Self::Conflict => "CONFLICT",
            Self::IdempotencyMismatch => "IDEMPOTENCY_MISMATCH",
            Self::ProjectionBehind => "PROJECTION_BEHIND",
            Self::RateLimited => "RATE_LIMITED",
            Self::Suspended => "SUSPENDED",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }

    /// The sentence of a failure that has nothing to add to its code.
    pub fn text(self) -> Text {
        match self {
            Self::Unauthenticated => expected::unauthenticated(),
            Self::Forbidden => expected::forbidden(),
            Self::NotFound => expected::not_found(),
            Self::Invalid => expected::invalid(),
            Self::Conflict => expected::conflict(),
            Self::IdempotencyMismatch => expected::idempotency_mismatch(),
            Self::ProjectionBehind => expected::projection_behind(),
            Self::RateLimited => expected::rate_limited(),
            Self::Suspended => expected::suspended(),
            Self::Unavailable => expected::unavailable(),
            Self::Internal => expected::internal(),
        }
    }

    /// `false`: the message is replaced by a fixed one before it leaves the process.
    pub const fn is_public(self) -> bool {
        !matches!(self, Self::Internal | Self::Unavailable)
    }
}

/// A failure that knows its public code.
pub trait Coded: std::error::Error {
    /// The code a client may branch on.
    fn code(&self) -> Code;

    /// What people are told; [`Code::text`] where there is nothing to add. A failure that is not
    /// public is told as its code alone, whatever this says.
    fn text(&self) -> Text;

    /// The input field to blame, in the spelling of the GraphQL input, e.g. `grossArea`.
    fn field(&self) -> Option<&str> {
        None
    }

    /// Seconds after which a repeat may succeed.
    fn retry_after_seconds(&self) -> Option<u64> {
        None
    }
}

/// One wrong input, with the field to blame.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("{field}: {reason}")]
pub struct Invalid {
    /// The input field, in the spelling of the GraphQL input.
    pub field: String,
    /// What is wrong and what is expected, without the field's name.
    pub reason: Text,
}

impl Invalid {
    /// Blames `field`.
    pub fn new(field: impl Into<String>, reason: Text) -> Self {
        Self { field: field.into(), reason }
    }
}

impl Coded for Invalid {
    fn code(&self) -> Code {
        Code::Invalid
    }
    fn text(&self) -> Text {
        self.reason.clone()
    }
    fn field(&self) -> Option<&str> {
        Some(&self.field)
    }
}

/// A failure and its causes in one line, for the log; unlike the debug form, in which a database
/// shows the values it was given.
pub fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_text_of_its_own() {
        let texts: std::collections::HashSet<_> = Code::ALL.iter().map(|c| c.as_str()).collect();
        assert_eq!(texts.len(), Code::ALL.len());
    }

    #[test]
    fn a_wrong_input_names_its_field() {
        let wrong = Invalid::new("grossArea", expected::above_zero());
        assert_eq!(wrong.field(), Some("grossArea"));
        assert_eq!(wrong.to_string(), "grossArea: must be above zero");
        assert_eq!(wrong.text().say(texts::Language::Zh), "必须大于零");
    }
}
