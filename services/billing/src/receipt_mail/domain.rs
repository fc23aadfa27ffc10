//! Addresses, and when a mail that failed is tried again.

use crate::say;
use chrono::Duration;
use errors::Invalid;
use texts::Language;

/// The language of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MailLanguage {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl From<MailLanguage> for Language {
    fn from(language: MailLanguage) -> Self {
        match language {
            MailLanguage::Zh => Self::Zh,
            MailLanguage::En => Self::En,
        }
    }
}

/// What a mail is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum About {
    /// A receipt that was issued.
    Receipt,
    /// A charge of a saved card that failed; known by its payment.
    FailedCharge,
}

/// How far a mail has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MailState {
    /// It is to be sent.
    Waiting,
    /// The mail server took it.
    Sent,
    /// It could not be sent.
    Failed,
    /// It is not to be sent any more: the receipt was voided, or mail is no longer wanted.
    Dropped,
}

/// The longest address (RFC 5321).
const LONGEST: usize = 254;

/// Checks an e-mail address; what is around it is cut off.
pub fn checked_address(text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    let wrong = || Invalid::new("address", say::mail_address());
    if text.len() > LONGEST || !text.is_ascii() {
        return Err(wrong());
    }
    let (local, domain) = text.rsplit_once('@').ok_or_else(wrong)?;
    let label = |label: &str| {
        let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(inner)
    };
    let symbol = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-.".contains(&b);
    let local_fits = (1..=64).contains(&local.len())
        && local.bytes().all(symbol)
        && local.split('.').all(|part| !part.is_empty());
    let domain_fits = domain.contains('.') && domain.split('.').all(label);
    if local_fits && domain_fits { Ok(text.to_owned()) } else { Err(wrong()) }
}

/// An address as staff see it: `w***@example.com`.
pub fn shown_address(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let first = local.chars().next().unwrap_or('*');
    format!("{first}***@{domain}")
}

/// Until a mail that could not be sent is tried again after so many tries; `None`: never.
pub fn pause_after(tries: i32) -> Option<Duration> {
    const MINUTES: [i64; 7] = [1, 5, 20, 60, 240, 720, 1440];
    let place = usize::try_from(tries).ok()?.checked_sub(1)?;
    MINUTES.get(place).copied().map(Duration::minutes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_checked() {
        for right in ["wang.fang@example.com", " w@a.cn ", "a+b_c@mail.example.co.uk", "1@2.3x"] {
            assert_eq!(checked_address(right).unwrap(), right.trim());
        }
        for wrong in [
            "",
            "wang",
            "wang@",
            "@example.com",
            "wang@example",
            "wang fang@example.com",
            "wang@exa mple.com",
            "wang@-example.com",
            "wang@example..com",
            "a..b@example.com",
            ".a@example.com",
            "王芳@example.com",
            "a@b.com\r\nBcc: x@y.com",
            "a@b@c.com",
            "<a@b.com>",
            "a,b@c.com",
        ] {
            assert_eq!(
                checked_address(wrong).map_err(|e| e.field),
                Err("address".to_owned()),
                "{wrong}"
            );
        }
        assert!(checked_address(&format!("{}@example.com", "x".repeat(65))).is_err());
        assert!(checked_address(&format!("x@{}.com", "y".repeat(64))).is_err());
    }

    #[test]
    fn an_address_is_masked() {
        assert_eq!(shown_address("wang.fang@example.com"), "w***@example.com");
    }

    #[test]
    fn a_mail_is_tried_eight_times_in_about_two_days() {
        let pauses: Vec<Duration> = (1..).map_while(pause_after).collect();
        assert_eq!(pauses.len(), 7);
        assert!(pauses.is_sorted());
        assert_eq!(pause_after(0), None);
        assert_eq!(pause_after(-1), None);
    }

    proptest! {
        #[test]
        fn nothing_that_is_taken_can_break_a_header(text in "\\PC{0,40}") {
            if let Ok(address) = checked_address(&text) {
                prop_assert!(address.bytes().all(|b| b.is_ascii_graphic()));
                prop_assert!(!address.contains([',', ';', '<', '>', '"', '\\', '(', ')', ' ']));
            }
        }
    }
}
