//! The trait every payment provider implements.

use crate::{
    AccountState, ChargeSavedRequest, Checkout, CheckoutRequest, Merchant, Outcome, Paid,
    PaymentStatus, Payout, ProviderEvent, ReadError, Refund, RefundRequest, ReturnUrls,
    SaveCardRequest, SavedCard, SettlementLine, Subject, WebhookEndpoint, WebhookError,
};
use chrono::{DateTime, Utc};
use http::HeaderMap;

/// Somebody who moves money between payers and merchants.
///
/// Every call ends within the implementation's time-out and is sent **once**: repeating is the
/// caller's decision, always with the same key. Calls act for the merchant given and see no other's
/// objects. Do not call inside a database transaction.
#[async_trait::async_trait]
pub trait PaymentProvider: Send + Sync {
    /// Opens a page for one payment. `Succeeded` means that the page exists, not that anybody paid.
    /// After `Unknown`: repeat with the same request, or query by reference.
    async fn create_checkout(
        &self,
        merchant: &Merchant,
        request: &CheckoutRequest,
    ) -> Outcome<Checkout>;

    /// Opens a page on which a payer saves a card for later; nothing is paid on it. `Succeeded`
    /// means that the page exists. After `Unknown`: repeat with the same request.
    async fn save_card(&self, merchant: &Merchant, request: &SaveCardRequest) -> Outcome<Checkout>;

    /// Which card was saved on that page; `Failed(Expired)` when it ran out before.
    async fn saved_card(&self, merchant: &Merchant, checkout: &str) -> Outcome<SavedCard>;

    /// Charges a saved card while the payer is away. `Failed(Declined)` is the bank's word for this
    /// act. After `Unknown`: repeat with the same request, or query by reference.
    async fn charge_saved(
        &self,
        merchant: &Merchant,
        request: &ChargeSavedRequest,
    ) -> Outcome<Paid>;

    /// What became of a payment. `Failed` only if the provider rules out that it will be paid;
    /// never because the provider could not be asked, which is `Unknown`. By reference,
    /// `Failed(NotFound)` says that nothing was opened *so far*: a request still on its way may
    /// yet arrive, so wait for the time-out before believing it.
    async fn query(&self, merchant: &Merchant, subject: &Subject) -> PaymentStatus;

    /// Gives money back. The provider refuses more than is left. `Pending` refunds may still fail.
    async fn refund(&self, merchant: &Merchant, request: &RefundRequest) -> Outcome<Refund>;

    /// What became of a refund, by the payment and our refund's id.
    async fn find_refund(
        &self,
        merchant: &Merchant,
        payment: &str,
        reference: &str,
    ) -> Outcome<Refund>;

    /// The movements that a payment, its refunds and its disputes caused, each with its fee; none as
    /// long as the provider has booked none.
    async fn fees(
        &self,
        merchant: &Merchant,
        payment: &str,
    ) -> Result<Vec<SettlementLine>, ReadError>;

    /// The transfers to the merchant's bank created since an instant, oldest first, complete with
    /// their lines.
    async fn payouts(
        &self,
        merchant: &Merchant,
        since: DateTime<Utc>,
    ) -> Result<Vec<Payout>, ReadError>;

    /// Verifies an announcement and reads what it is about; needs the body as received. Calls
    /// nobody, so it can be answered at once.
    fn webhook(
        &self,
        endpoint: WebhookEndpoint<'_>,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<ProviderEvent, WebhookError>;

    /// Opens an account for a company under the platform's; `reference` is our company's id, which
    /// also keeps a repeat from opening a second one. Answers the provider's id of it.
    async fn open_account(&self, reference: &str, country: &str) -> Outcome<String>;

    /// What the merchant's account may do now.
    async fn account_state(&self, merchant: &Merchant) -> Result<AccountState, ReadError>;

    /// A short-lived link on which the company completes that account; make a new one each time.
    async fn onboarding_link(
        &self,
        account: &str,
        return_urls: &ReturnUrls,
    ) -> Result<String, ReadError>;
}
