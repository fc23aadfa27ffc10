//! Webhooks: the signature, and the four fields that are read.
//!
//! Only id, type, object id and account are read, because an event of another API version may
//! look different everywhere else; the object is asked for again.

use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac as _};
use http::HeaderMap;
use payments::{EventKind, Object, PaymentObject, ProviderEvent, WebhookEndpoint, WebhookError};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

const HEADER: &str = "stripe-signature";

/// How far the time of signing may be from now, in seconds, both ways.
const TOLERANCE: i64 = 300;

/// Believes the body if any `v1` signature fits any of the secrets and the time is near.
pub(crate) fn verify(
    secrets: &[SecretString],
    now: DateTime<Utc>,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(), WebhookError> {
    let header = headers.get(HEADER).and_then(|value| value.to_str().ok());
    let header = header.ok_or(WebhookError::Malformed)?;
    let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
    let time = parts().find(|(name, _)| *name == "t").map(|(_, value)| value);
    let time = time.ok_or(WebhookError::Malformed)?;
    let signed_at: i64 = time.parse().map_err(|_| WebhookError::Malformed)?;
    let signatures: Vec<Vec<u8>> = parts()
        .filter(|(name, _)| *name == "v1")
        .filter_map(|(_, value)| hex::decode(value).ok())
        .collect();
    if signatures.is_empty() {
        return Err(WebhookError::Malformed);
    }
    if !secrets.iter().any(|secret| fits(secret, time, body, &signatures)) {
        return Err(WebhookError::Mismatch);
    }
    if signed_at.abs_diff(now.timestamp()) > TOLERANCE.unsigned_abs() {
        return Err(WebhookError::Stale);
    }
    Ok(())
}

/// `verify_slice` compares in constant time.
fn fits(secret: &SecretString, time: &str, body: &[u8], signatures: &[Vec<u8>]) -> bool {
    let Ok(mut mac) = Hmac::<sha2::Sha256>::new_from_slice(secret.expose_secret().as_bytes())
    else {
        return false;
    };
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    signatures.iter().any(|signature| mac.clone().verify_slice(signature).is_ok())
}

#[derive(Deserialize)]
struct Event {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    account: Option<String>,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Named,
}

#[derive(Deserialize)]
struct Named {
    id: Option<String>,
}

/// Reads a verified body.
pub(crate) fn read(
    endpoint: WebhookEndpoint<'_>,
    body: &[u8],
) -> Result<ProviderEvent, WebhookError> {
    let event: Event = serde_json::from_slice(body).map_err(|_| WebhookError::NotAnEvent)?;
    let account = match endpoint {
        WebhookEndpoint::Platform => event.account,
        WebhookEndpoint::Own(keys) => match event.account {
            Some(other) if other != keys.account => return Err(WebhookError::WrongAccount),
            _ => Some(keys.account.clone()),
        },
    };
    let object = event.data.object.id.and_then(object);
    Ok(ProviderEvent { id: event.id, kind: kind(&event.kind), object, account })
}

fn kind(name: &str) -> EventKind {
    let begins = |beginning: &str| name.starts_with(beginning);
    if begins("charge.dispute.") {
        EventKind::Dispute
    } else if begins("charge.refund") || begins("refund.") {
        EventKind::Refund
    } else if begins("checkout.session.") || begins("payment_intent.") || begins("charge.") {
        EventKind::Payment
    } else if begins("payout.") {
        EventKind::Payout
    } else if begins("account.") {
        EventKind::Account
    } else {
        EventKind::Other
    }
}

fn object(id: String) -> Option<Object> {
    let prefix = id.split_once('_')?.0;
    Some(match prefix {
        "cs" => Object::Payment(PaymentObject::Checkout(id)),
        "pi" => Object::Payment(PaymentObject::Payment(id)),
        "ch" | "py" => Object::Payment(PaymentObject::Attempt(id)),
        "re" | "pyr" => Object::Payment(PaymentObject::Refund(id)),
        "du" | "dp" => Object::Payment(PaymentObject::Dispute(id)),
        "po" => Object::Payout(id),
        "acct" => Object::Account(id),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"{}";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn sign(secret: &str, time: i64) -> String {
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("{time}.").as_bytes());
        mac.update(BODY);
        hex::encode(mac.finalize().into_bytes())
    }

    fn check(header: &str, now: i64, body: &[u8]) -> Result<(), WebhookError> {
        let mut headers = HeaderMap::new();
        headers.insert(HEADER, header.parse().unwrap());
        verify(&["old".into(), "new".into()], at(now), &headers, body)
    }

    #[test]
    fn a_known_signature_verifies() {
        // printf '1700000000.{}' | openssl dgst -sha256 -hmac new
        let known = "29810abc729e7b7322b3ce2c7456a99bca762870c031aa43455fd67b43aab3c0";
        assert_eq!(check(&format!("t=1700000000,v1={known}"), 1_700_000_000, BODY), Ok(()));
    }

    #[test]
    fn any_of_several_signatures_and_secrets_will_do() {
        let (good, bad) = (sign("old", 1000), sign("stranger", 1000));
        assert_eq!(check(&format!("t=1000,v1={bad},v1={good},v0=00"), 1000, BODY), Ok(()));
        let wrong = check(&format!("t=1000,v1={bad}"), 1000, BODY);
        assert_eq!(wrong, Err(WebhookError::Mismatch));
        let changed = check(&format!("t=1000,v1={good}"), 1000, b"{ }");
        assert_eq!(changed, Err(WebhookError::Mismatch));
        let moved = check(&format!("t=1001,v1={good}"), 1000, BODY);
        assert_eq!(moved, Err(WebhookError::Mismatch), "the time is signed too");
    }

    #[test]
    fn the_time_may_be_five_minutes_off_either_way() {
        let header = format!("t=1000,v1={}", sign("new", 1000));
        for (now, expected) in [
            (1300, Ok(())),
            (1301, Err(WebhookError::Stale)),
            (700, Ok(())),
            (699, Err(WebhookError::Stale)),
        ] {
            assert_eq!(check(&header, now, BODY), expected, "{now}");
        }
    }

    #[test]
    fn half_a_header_is_malformed() {
        for header in ["", "t=1000", "v1=00", "t=x,v1=00", "t=1000,v1=xyz", "t=1000,v0=00"] {
            assert_eq!(check(header, 1000, BODY), Err(WebhookError::Malformed), "{header}");
        }
        let none = verify(&["new".into()], at(1000), &HeaderMap::new(), BODY);
        assert_eq!(none, Err(WebhookError::Malformed));
    }
}
