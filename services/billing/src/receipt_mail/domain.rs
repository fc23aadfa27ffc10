//! Addresses, and how far a mail has come.

use crate::say;
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

/// Checks an e-mail address; what is around it is cut off.
pub fn checked_address(text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    if mail::is_address(text) {
        Ok(text.to_owned())
    } else {
        Err(Invalid::new("address", say::mail_address()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_around_an_address_is_cut_off_and_a_wrong_one_names_its_field() {
        assert_eq!(checked_address(" w@a.cn ").unwrap(), "w@a.cn");
        assert_eq!(checked_address("wang@example").unwrap_err().field, "address");
    }
}
