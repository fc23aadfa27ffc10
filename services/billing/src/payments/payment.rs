//! One payment as it is kept.

use crate::{
    ids::{BillId, BillingAccountId, DepositId, MerchantId, PaymentId},
    ledger::Till,
    payments::PaymentState,
};
use ::payments::{
    ChargeSavedRequest, CheckoutRequest, IdempotencyKey, Language, Outcome, Paid, RequestError,
    ReturnUrls, SavedCard,
};
use authz::UserId;
use chrono::{DateTime, Utc};
use ids::EstateId;
use money::{Currency, Fen};
use serde::{Deserialize, Serialize};

/// One payment, whatever its channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// The estate.
    pub estate: EstateId,
    /// Whose debt it settles.
    pub account: BillingAccountId,
    /// Where the money comes in.
    pub till: Till,
    /// Its currency.
    pub currency: Currency,
    /// What is known about it.
    pub state: PaymentState,
    /// The bills the payer named, in order.
    pub designated: Vec<BillId>,
    /// The deposit that it is for; then it meets no bill.
    pub deposit: Option<DepositId>,
    /// What no bill could take.
    pub prepaid: Fen,
    /// How much of that went back.
    pub prepaid_refunded: Fen,
    /// Who entered it.
    pub entered_by: UserId,
    /// The member of staff who took the money; `None` when it was paid online.
    pub taken_by: Option<UserId>,
    /// The number of the card slip or bank transfer.
    pub channel_reference: Option<String>,
    /// What belongs to an online payment only.
    pub online: Option<Online>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When the money was there.
    pub received_at: Option<DateTime<Utc>>,
}

/// The provider's side of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Online {
    /// Into which account of the company.
    pub merchant: MerchantId,
    /// What the payer's page shows.
    pub page: Page,
    /// The provider's id of the page, once it is known.
    pub checkout_id: Option<String>,
    /// Where the payer is sent.
    pub checkout_url: Option<String>,
    /// The provider's id of the payment, once it was paid.
    pub provider_payment: Option<String>,
    /// How it was paid: `card`, `alipay` or `wechat_pay`.
    pub method: Option<String>,
}

impl Online {
    /// A payment that the provider has not been asked for.
    pub const fn new(merchant: MerchantId, page: Page) -> Self {
        Self {
            merchant,
            page,
            checkout_id: None,
            checkout_url: None,
            provider_payment: None,
            method: None,
        }
    }
}

/// The payer's page, kept word for word so that asking again asks the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// What the payer reads.
    pub description: String,
    /// Where the browser goes after paying.
    pub success_url: String,
    /// Where it goes after giving up.
    pub cancel_url: String,
    /// Whether the page is in Chinese, else in English.
    pub chinese: bool,
    /// After this instant nobody can pay.
    pub expires_at: DateTime<Utc>,
    /// A saved card that is charged instead; then there is no page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saved: Option<SavedCardPage>,
}

/// A saved card, by the provider's names for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedCardPage {
    /// The payer.
    pub payer: String,
    /// The card.
    pub card: String,
}

impl Payment {
    /// How much of it can still be given back, refunds under way not deducted.
    pub fn left(&self) -> Fen {
        if self.state.received { self.state.amount - self.state.refunded } else { Fen::ZERO }
    }

    /// The deposit that its money is held as. Money for a deposit that was paid otherwise meanwhile
    /// is paid ahead instead.
    pub fn held_as(&self) -> Option<DepositId> {
        self.deposit.filter(|_| self.state.received && self.prepaid.is_zero())
    }

    /// Whether the provider's word brings nothing new: the money is posted, and so is all that went
    /// back.
    pub fn knows(&self, outcome: &Outcome<Paid>) -> bool {
        let Outcome::Succeeded(paid) = outcome else { return false };
        let provider = self.online.as_ref().and_then(|online| online.provider_payment.as_ref());
        self.state.received
            && self.state.refunded == paid.refunded
            && provider == Some(&paid.payment)
    }

    /// The request for the payer's page; always the same for one payment.
    ///
    /// # Errors
    /// Never for ids of ours; the form is the provider crate's to check.
    pub fn checkout_request(&self, page: &Page) -> Result<CheckoutRequest, RequestError> {
        Ok(CheckoutRequest {
            key: IdempotencyKey::new(self.id.to_string())?,
            reference: self.id.to_string(),
            description: page.description.clone(),
            amount: self.state.amount,
            currency: self.currency,
            methods: Vec::new(),
            return_urls: ReturnUrls {
                success: page.success_url.clone(),
                cancel: page.cancel_url.clone(),
            },
            language: if page.chinese { Language::Chinese } else { Language::English },
            expires_at: page.expires_at,
        })
    }

    /// The request to charge a saved card; always the same for one payment.
    ///
    /// # Errors
    /// Never for ids of ours; the form is the provider crate's to check.
    pub fn charge_request(&self, card: &SavedCardPage) -> Result<ChargeSavedRequest, RequestError> {
        let description = self.online.as_ref().map(|online| online.page.description.clone());
        Ok(ChargeSavedRequest {
            key: IdempotencyKey::new(self.id.to_string())?,
            reference: self.id.to_string(),
            description: description.unwrap_or_default(),
            amount: self.state.amount,
            currency: self.currency,
            card: SavedCard { payer: card.payer.clone(), card: card.card.clone() },
        })
    }
}
