//! Between Stripe's types and ours; above all, what an error says and what it does not.

use chrono::{DateTime, Utc};
use money::Currency;
use payments::{Failure, FailureKind, Outcome, ReadError};
use stripe::{ApiErrorsType, StripeError};

/// What an error says about the act that was asked for.
///
/// Only 400, 402 and 404 are decisions on the request. 401, 403, 409 and 429 refuse to look at it,
/// so that an earlier try with the same key may have succeeded.
pub(crate) fn outcome<T>(error: &StripeError) -> Outcome<T> {
    let kind = match error {
        StripeError::Stripe(api, 400) if api.type_ == ApiErrorsType::IdempotencyError => {
            FailureKind::KeyReused
        }
        StripeError::Stripe(_, 400) => FailureKind::Refused,
        StripeError::Stripe(_, 402) => FailureKind::Declined,
        StripeError::Stripe(_, 404) => FailureKind::NotFound,
        _ => return Outcome::Unknown { reason: words(error) },
    };
    Outcome::Failed(Failure { kind, message: words(error) })
}

/// What an error says about an act when it was only asked after: nothing, save that it is not there.
pub(crate) fn asked<T>(error: &StripeError) -> Outcome<T> {
    match error {
        StripeError::Stripe(_, 404) => outcome(error),
        _ => Outcome::Unknown { reason: words(error) },
    }
}

/// What an error says about a read.
pub(crate) fn read_error(error: &StripeError) -> ReadError {
    match error {
        StripeError::Stripe(_, 400..=404) | StripeError::ConfigError(_) => {
            ReadError::Refused(words(error))
        }
        _ => ReadError::Unavailable(words(error)),
    }
}

/// Stripe's message and status, without the objects that its errors carry.
fn words(error: &StripeError) -> String {
    match error {
        StripeError::Stripe(api, status) => {
            format!("{status}: {}", api.message.as_deref().unwrap_or("no message"))
        }
        other => other.to_string(),
    }
}

/// Something in an answer that should be there is not.
pub(crate) fn unreadable(what: &str) -> StripeError {
    StripeError::JSONDeserialize(format!("{what} is missing or malformed"))
}

/// Our currency in Stripe's type.
pub(crate) fn currency_to(currency: Currency) -> stripe_types::Currency {
    match currency.as_str().to_ascii_lowercase().parse() {
        Ok(known) => known,
        Err(never) => match never {},
    }
}

/// Stripe's currency in our type.
pub(crate) fn currency_from(currency: &stripe_types::Currency) -> Result<Currency, StripeError> {
    currency.to_string().to_ascii_uppercase().parse().map_err(|_| unreadable("currency"))
}

/// Seconds since 1970 as an instant.
pub(crate) fn instant(seconds: i64) -> Result<DateTime<Utc>, StripeError> {
    DateTime::from_timestamp(seconds, 0).ok_or_else(|| unreadable("time"))
}
