//! Addresses: e-mail and telephone, checked and masked, and the code that confirms one.

use super::{Channel, say};
use chrono::Duration;
use contracts::PersonId;
use errors::Invalid;
use personal::CompanyKey;
use uuid::Uuid;

/// How long a code is good.
pub(super) const CODE_LASTS: Duration = Duration::minutes(30);
/// How long nobody gets another code.
pub(super) const CODE_PAUSE: Duration = Duration::minutes(1);
/// After so many wrong codes another one must be asked for.
pub(super) const MAX_WRONG: i32 = 5;

/// Checks an address of a channel; what is around it is cut off.
pub(super) fn checked(channel: Channel, text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    match channel {
        Channel::App => Err(Invalid::new("channel", say::no_address())),
        Channel::Email if mail::is_address(text) => Ok(text.to_owned()),
        Channel::Email => Err(Invalid::new("address", say::no_email())),
        Channel::Sms => number(text),
    }
}

/// Digits with a plus before a country's code, e.g. `13812345678` or `+85291234567`.
fn number(text: &str) -> Result<String, Invalid> {
    let signs = text.chars().all(|c| c.is_ascii_digit() || "+- ".contains(c));
    let plus = if text.starts_with('+') { "+" } else { "" };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if signs && (7..=15).contains(&digits.len()) && !text.get(1..).unwrap_or_default().contains('+')
    {
        Ok(format!("{plus}{digits}"))
    } else {
        Err(Invalid::new("address", say::no_number()))
    }
}

/// An address as staff see it: `w***@example.com`, `138****5678`.
pub(super) fn shown(channel: Channel, address: &str) -> String {
    if channel == Channel::Email {
        return mail::shown_address(address);
    }
    let digits = address.trim_start_matches('+');
    let tail = &digits[digits.len().saturating_sub(4)..];
    if digits.len() >= 11 { format!("{}****{tail}", &digits[..3]) } else { format!("****{tail}") }
}

/// What a sealed address is bound to: it opens for no other person and no other channel.
pub(super) fn place(person: PersonId, channel: Channel) -> String {
    format!("message/{}/{channel:?}", person.as_uuid().simple())
}

/// The code of six digits that was sent to an address. It is derived from the company's key and so
/// is nowhere to be read but in the message.
pub(super) fn code(key: &CompanyKey, place: &str, nonce: Uuid) -> String {
    let hash = key.keyed_hash(&format!("{place}/{nonce}"));
    let number = u64::from_str_radix(&hash[..12], 16).unwrap_or_default() % 1_000_000;
    format!("{number:06}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_checked_and_addresses_masked() {
        let number = |text: &str| checked(Channel::Sms, text);
        assert_eq!(number(" 138-1234 5678 ").unwrap(), "13812345678");
        assert_eq!(number("+852 9123 4567").unwrap(), "+85291234567");
        for wrong in
            ["", "+", "123456", "1234567890123456", "138+12345678", "13x12345678", "１３８"]
        {
            assert_eq!(number(wrong).unwrap_err().field, "address", "{wrong}");
        }
        assert_eq!(shown(Channel::Sms, "13812345678"), "138****5678");
        assert_eq!(shown(Channel::Sms, "+85291234567"), "852****4567");
        assert_eq!(shown(Channel::Email, "wang@example.com"), "w***@example.com");
        assert_eq!(checked(Channel::App, "x").unwrap_err().field, "channel");
    }
}
