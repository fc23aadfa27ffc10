//! The provider: its configuration, and one client per merchant.

use crate::{checkout, connect, query, refunds, saved, settlement, webhook};
use chrono::{DateTime, Utc};
use clock::Clock;
use http::HeaderMap;
use payments::{
    AccountState, ChargeSavedRequest, Checkout, CheckoutRequest, IdempotencyKey, Merchant, Outcome,
    Paid, PaymentProvider, PaymentStatus, Payout, ProviderEvent, ReadError, Refund, RefundRequest,
    ReturnUrls, SaveCardRequest, SavedCard, SettlementLine, Subject, WebhookEndpoint, WebhookError,
};
use secrecy::{ExposeSecret as _, SecretString};
use std::time::Duration;
use stripe::{AccountId, Client, ClientBuilder, RequestStrategy, StripeError};

/// How Stripe is reached.
#[derive(Clone, Debug)]
pub struct StripeConfig {
    /// Where the API is, with a trailing slash; `None` is Stripe itself.
    pub base_url: Option<String>,
    /// The platform's secret key, used for connected merchants.
    pub platform_key: SecretString,
    /// The secrets of the platform's webhook endpoints; several while one is being replaced.
    pub webhook_secrets: Vec<SecretString>,
    /// After this long a call counts as `Unknown`.
    pub timeout: Duration,
}

/// Moves money by Stripe.
#[derive(Clone, Debug)]
pub struct StripeProvider {
    config: StripeConfig,
    clock: Clock,
}

impl StripeProvider {
    /// A provider that connects when it is first called.
    pub fn new(config: StripeConfig, clock: Clock) -> Self {
        // async-stripe panics when two TLS back ends are linked and none was chosen. An error here
        // means that the process has chosen already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self { config, clock }
    }

    /// A client that acts for this merchant and for no other.
    fn client(&self, merchant: &Merchant) -> Result<Client, StripeError> {
        match merchant {
            Merchant::Connected { account } => {
                let account = AccountId::from(account.as_str());
                self.build(&self.config.platform_key, |builder| builder.account_id(account))
            }
            Merchant::OwnKeys(keys) => self.build(&keys.api_key, |builder| builder),
        }
    }

    /// A client that acts for the platform itself.
    fn platform(&self) -> Result<Client, StripeError> {
        self.build(&self.config.platform_key, |builder| builder)
    }

    fn build(
        &self,
        key: &SecretString,
        with: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Result<Client, StripeError> {
        let mut builder = ClientBuilder::new(key.expose_secret())
            .timeout(self.config.timeout)
            .request_strategy(RequestStrategy::Once);
        if let Some(url) = &self.config.base_url {
            builder = builder.url(url);
        }
        with(builder).build()
    }
}

/// Our own key, sent once: async-stripe's retries would send a fresh key each time.
pub(crate) fn once(key: &IdempotencyKey) -> Result<RequestStrategy, StripeError> {
    let key = stripe::IdempotencyKey::new(key.as_str());
    let key = key.map_err(|error| StripeError::ConfigError(error.to_string()))?;
    Ok(RequestStrategy::Idempotent(key))
}

#[async_trait::async_trait]
impl PaymentProvider for StripeProvider {
    async fn create_checkout(
        &self,
        merchant: &Merchant,
        request: &CheckoutRequest,
    ) -> Outcome<Checkout> {
        checkout::create(self.client(merchant), request).await
    }

    async fn save_card(&self, merchant: &Merchant, request: &SaveCardRequest) -> Outcome<Checkout> {
        saved::save(self.client(merchant), request).await
    }

    async fn saved_card(&self, merchant: &Merchant, checkout: &str) -> Outcome<SavedCard> {
        saved::find(self.client(merchant), checkout).await
    }

    async fn charge_saved(
        &self,
        merchant: &Merchant,
        request: &ChargeSavedRequest,
    ) -> Outcome<Paid> {
        saved::charge(self.client(merchant), request).await
    }

    async fn query(&self, merchant: &Merchant, subject: &Subject) -> PaymentStatus {
        query::status(self.client(merchant), subject).await
    }

    async fn refund(&self, merchant: &Merchant, request: &RefundRequest) -> Outcome<Refund> {
        refunds::create(self.client(merchant), request).await
    }

    async fn find_refund(
        &self,
        merchant: &Merchant,
        payment: &str,
        reference: &str,
    ) -> Outcome<Refund> {
        refunds::find(self.client(merchant), payment, reference).await
    }

    async fn fees(
        &self,
        merchant: &Merchant,
        payment: &str,
    ) -> Result<Vec<SettlementLine>, ReadError> {
        settlement::of_payment(self.client(merchant), payment).await
    }

    async fn payouts(
        &self,
        merchant: &Merchant,
        since: DateTime<Utc>,
    ) -> Result<Vec<Payout>, ReadError> {
        settlement::payouts(self.client(merchant), since).await
    }

    fn webhook(
        &self,
        endpoint: WebhookEndpoint<'_>,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<ProviderEvent, WebhookError> {
        let secrets = match endpoint {
            WebhookEndpoint::Platform => self.config.webhook_secrets.as_slice(),
            WebhookEndpoint::Own(keys) => std::slice::from_ref(&keys.webhook_secret),
        };
        webhook::verify(secrets, self.clock.now(), headers, body)?;
        webhook::read(endpoint, body)
    }

    async fn open_account(&self, reference: &str, country: &str) -> Outcome<String> {
        connect::open(self.platform(), reference, country).await
    }

    async fn account_state(&self, merchant: &Merchant) -> Result<AccountState, ReadError> {
        connect::state(self.client(merchant)).await
    }

    async fn onboarding_link(
        &self,
        account: &str,
        return_urls: &ReturnUrls,
    ) -> Result<String, ReadError> {
        connect::link(self.platform(), account, return_urls).await
    }
}
