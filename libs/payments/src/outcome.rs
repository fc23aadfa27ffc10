//! How an act at the provider ended, as far as it is known.

/// How an act ended. Only the provider's own word makes it `Succeeded` or `Failed`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<T> {
    /// It happened, exactly once under its idempotency key.
    Succeeded(T),
    /// The provider has taken it on and has not decided yet; ask again later.
    Pending,
    /// The provider says that this act did not happen and will not.
    Failed(Failure),
    /// It may or may not have happened: a time-out, a lost connection, a 5xx, a rate limit, a
    /// rejected credential, an answer that cannot be read. Repeat with the **same** key, or query;
    /// never treat it as failed.
    Unknown {
        /// What went wrong, for logs and people of ours; never shown to a payer.
        reason: String,
    },
}

impl<T> Outcome<T> {
    /// Whether asking again can bring another answer.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Pending | Self::Unknown { .. })
    }

    /// The same outcome around another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Self::Succeeded(value) => Outcome::Succeeded(change(value)),
            Self::Pending => Outcome::Pending,
            Self::Failed(failure) => Outcome::Failed(failure),
            Self::Unknown { reason } => Outcome::Unknown { reason },
        }
    }
}

/// Why an act did not happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What a program may branch on.
    pub kind: FailureKind,
    /// The provider's words, for people of ours.
    pub message: String,
}

/// The reasons a program may branch on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The payer's bank or wallet said no.
    Declined,
    /// The checkout ran out or was withdrawn before anybody paid.
    Expired,
    /// The merchant has no such object; another merchant's looks the same.
    NotFound,
    /// The provider does not accept the request, e.g. a refund above what is left.
    Refused,
    /// The idempotency key was used before with other input; what it did then stands.
    KeyReused,
}

/// A read brought no answer; nothing follows about the payment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Ask again later.
    #[error("the payment provider cannot be asked now: {0}")]
    Unavailable(String),
    /// Asking again brings the same: wrong credentials, a missing right, an unknown object.
    #[error("the payment provider refuses to answer: {0}")]
    Refused(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pending_and_unknown_are_open() {
        let failure = Failure { kind: FailureKind::Declined, message: "no".to_owned() };
        assert!(!Outcome::Succeeded(1).is_open());
        assert!(!Outcome::<i32>::Failed(failure.clone()).is_open());
        assert!(Outcome::<i32>::Pending.is_open());
        assert!(Outcome::<i32>::Unknown { reason: "time-out".to_owned() }.is_open());
        assert_eq!(Outcome::Succeeded(1).map(|n| n + 1), Outcome::Succeeded(2));
        assert_eq!(
            Outcome::<i32>::Failed(failure.clone()).map(|n| n + 1),
            Outcome::Failed(failure)
        );
    }
}
