//! What is asked of a provider and what it answers, in billing's words.

use crate::Outcome;
use chrono::{DateTime, Utc};
use money::{Currency, Fen};
use secrecy::SecretString;

/// Who is paid: always the property company itself, never the platform.
#[derive(Clone, Debug)]
pub enum Merchant {
    /// The company's account under the platform's, opened by onboarding.
    Connected {
        /// The provider's id of the account.
        account: String,
    },
    /// The company's own account, used with its own keys.
    OwnKeys(OwnKeys),
}

impl Merchant {
    /// The provider's id of the account that is paid.
    pub fn account(&self) -> &str {
        match self {
            Self::Connected { account } => account,
            Self::OwnKeys(keys) => &keys.account,
        }
    }
}

/// A company's own credentials; `Debug` never shows them.
#[derive(Clone, Debug)]
pub struct OwnKeys {
    /// The provider's id of the account they belong to.
    pub account: String,
    /// What calls are authorised with.
    pub api_key: SecretString,
    /// What the provider signs this company's webhooks with.
    pub webhook_secret: SecretString,
}

/// What a merchant's account may do at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    /// The company has not answered everything the provider asks.
    Incomplete,
    /// Everything is answered; the provider does not (yet) let it take payments or pay out.
    Restricted,
    /// It takes payments and pays out.
    Ready,
}

/// Our own key for one money act: the same key acts at most once at the provider, as long as the
/// provider remembers it (Stripe: at least 24 hours; after that, query before repeating).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

/// A request that no provider could carry out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Not 1 to 255 visible ASCII characters.
    #[error("an idempotency key is 1 to 255 visible ASCII characters")]
    Key,
}

impl IdempotencyKey {
    /// Checks the form; a key names one act for ever, so derive it from the act's own id.
    ///
    /// # Errors
    /// [`RequestError::Key`] unless it is 1 to 255 visible ASCII characters.
    pub fn new(text: impl Into<String>) -> Result<Self, RequestError> {
        let text = text.into();
        let fits = (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if fits { Ok(Self(text)) } else { Err(RequestError::Key) }
    }

    /// The key as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A way to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MethodKind {
    /// Bank card.
    Card,
    /// 支付宝.
    Alipay,
    /// 微信支付.
    WechatPay,
}

/// The language of the provider's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// 简体中文.
    Chinese,
    /// English.
    English,
}

/// Where the payer's browser goes afterwards. Coming back proves nothing: query.
#[derive(Clone, Debug)]
pub struct ReturnUrls {
    /// After paying.
    pub success: String,
    /// After giving up.
    pub cancel: String,
}

/// Opens a page on which one amount can be paid once.
#[derive(Clone, Debug)]
pub struct CheckoutRequest {
    /// Names this act; a repeat with the same key and fields opens no second page.
    pub key: IdempotencyKey,
    /// Our payment's id; comes back in [`PaymentStatus`]. At most 200 characters.
    pub reference: String,
    /// What the payer reads.
    pub description: String,
    /// Amount to pay, above zero.
    pub amount: Fen,
    /// Its currency.
    pub currency: Currency,
    /// Ways offered, where the merchant's account allows them; empty: all it allows.
    pub methods: Vec<MethodKind>,
    /// Where the browser returns to.
    pub return_urls: ReturnUrls,
    /// The page's language.
    pub language: Language,
    /// After this instant nobody can pay (Stripe: 30 minutes to 24 hours from now).
    pub expires_at: DateTime<Utc>,
}

/// An open page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkout {
    /// The provider's id, for [`Subject::Object`].
    pub id: String,
    /// Where the payer is sent; `None` when it was paid or ran out meanwhile.
    pub url: Option<String>,
}

/// Opens a page on which a card is saved.
#[derive(Clone, Debug)]
pub struct SaveCardRequest {
    /// Names this act; a repeat with the same key and fields opens no second page.
    pub key: IdempotencyKey,
    /// Our id of what comes of it. At most 200 characters.
    pub reference: String,
    /// The currency in which it will be charged.
    pub currency: Currency,
    /// Where the browser returns to.
    pub return_urls: ReturnUrls,
    /// The page's language.
    pub language: Language,
    /// After this instant nothing can be saved (Stripe: 30 minutes to 24 hours from now).
    pub expires_at: DateTime<Utc>,
}

/// A card that a payer has saved, by the provider's names for it; no number of it is ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedCard {
    /// The provider's id of the payer.
    pub payer: String,
    /// The provider's id of the card.
    pub card: String,
}

/// Charges a saved card once.
#[derive(Clone, Debug)]
pub struct ChargeSavedRequest {
    /// Names this act; a repeat with the same key and fields charges nothing a second time.
    pub key: IdempotencyKey,
    /// Our payment's id; comes back in [`PaymentStatus`]. At most 200 characters.
    pub reference: String,
    /// What the payer reads on their statement.
    pub description: String,
    /// Amount to take, above zero.
    pub amount: Fen,
    /// Its currency.
    pub currency: Currency,
    /// The card.
    pub card: SavedCard,
}

/// What a query is about.
#[derive(Clone, Debug)]
pub enum Subject {
    /// Our payment's id, when the provider's is not known: the answer to opening was lost.
    Reference {
        /// As given in [`CheckoutRequest::reference`].
        reference: String,
        /// Opened not before this instant (with five minutes' grace); bounds the search.
        since: DateTime<Utc>,
    },
    /// An object of the provider, e.g. from [`Checkout::id`] or a webhook.
    Object(PaymentObject),
}

/// An object of the provider, as webhooks name it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Object {
    /// Leads to one payment.
    Payment(PaymentObject),
    /// A transfer to the bank.
    Payout(String),
    /// The merchant's account itself.
    Account(String),
}

/// An object of the provider that leads to one payment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PaymentObject {
    /// A payment page.
    Checkout(String),
    /// The payment itself.
    Payment(String),
    /// One attempt to take the money.
    Attempt(String),
    /// Money given back.
    Refund(String),
    /// A payer's objection.
    Dispute(String),
}

/// What the provider knows about a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentStatus {
    /// Our payment's id, if the provider has it.
    pub reference: Option<String>,
    /// Whether it was paid.
    pub outcome: Outcome<Paid>,
}

/// A payment that took place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// The provider's id of the payment; refunds and fees are asked by it.
    pub payment: String,
    /// What was taken from the payer.
    pub amount: Fen,
    /// Its currency.
    pub currency: Currency,
    /// Given back so far, pending refunds included.
    pub refunded: Fen,
    /// The payer has objected at some time; the payment still took place.
    pub disputed: bool,
    /// How it was paid, if it is a way we know.
    pub method: Option<MethodKind>,
}

/// Gives money back.
#[derive(Clone, Debug)]
pub struct RefundRequest {
    /// Names this act; a repeat with the same key and fields gives nothing back a second time.
    pub key: IdempotencyKey,
    /// Our refund's id, by which [`find_refund`](crate::PaymentProvider::find_refund) finds it.
    pub reference: String,
    /// [`Paid::payment`].
    pub payment: String,
    /// Part or all of what is left.
    pub amount: Fen,
}

/// Money given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// The provider's id.
    pub id: String,
    /// How much.
    pub amount: Fen,
    /// Its currency.
    pub currency: Currency,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_visible_ascii_of_bounded_length() {
        assert!(IdempotencyKey::new("pay_0190/1").is_ok());
        for wrong in ["", "a b", "钥匙", "a\n", &"x".repeat(256)] {
            assert_eq!(IdempotencyKey::new(wrong), Err(RequestError::Key));
        }
    }

    #[test]
    fn debug_output_hides_the_keys() {
        let merchant = Merchant::OwnKeys(OwnKeys {
            account: "acct_1".to_owned(),
            api_key: "sk_live_secret".into(),
            webhook_secret: "whsec_secret".into(),
        });
        let shown = format!("{merchant:?}");
        assert!(shown.contains("acct_1") && !shown.contains("secret\""), "{shown}");
        assert!(!shown.contains("sk_live") && !shown.contains("whsec_"), "{shown}");
    }
}
