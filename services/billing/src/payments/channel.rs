//! The way to the payment provider.

use super::PayError;
use crate::{ids::MerchantId, merchant_accounts, say};
use ::payments::{Merchant, PaymentProvider};
use config::{Config, ConfigError};
use db::Db;
use errors::{Invalid, expected};
use ids::TenantId;
use secrecy::SecretString;
use std::{sync::Arc, time::Duration};
use stripe_client::{StripeConfig, StripeProvider};
use url::Url;
use vault::Vault;

/// After this long a call to the provider counts as unanswered.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What paying online needs; cheap to clone.
#[derive(Clone)]
pub(crate) struct Channel {
    pub db: Db,
    pub provider: Arc<dyn PaymentProvider>,
    pub vault: Vault,
    /// Whether companies can be connected under a platform account of ours.
    pub has_platform: bool,
    /// Where our web is; the payer may be sent back there only.
    pub public_url: Option<String>,
}

impl Channel {
    /// Stripe, as configured: `STRIPE_SECRET_KEY` and `STRIPE_WEBHOOK_SECRET` (several separated by
    /// commas) are the platform's, `STRIPE_API_URL` is set for another peer than Stripe itself.
    pub fn from_config(db: Db, config: &Config) -> Result<Self, ConfigError> {
        let clock = db.clock().clone();
        let key = config.secret("STRIPE_SECRET_KEY")?;
        let secrets = config.secret("STRIPE_WEBHOOK_SECRET")?;
        let seconds = config.parsed::<u64>("STRIPE_TIMEOUT_SECONDS", "a number of seconds")?;
        let provider = StripeProvider::new(
            StripeConfig {
                base_url: config.text("STRIPE_API_URL").map(str::to_owned),
                platform_key: key.clone().unwrap_or_default(),
                webhook_secrets: split(secrets),
                timeout: seconds.map_or(TIMEOUT, Duration::from_secs),
            },
            clock.clone(),
        );
        Ok(Self {
            has_platform: key.is_some(),
            provider: Arc::new(provider),
            vault: Vault::from_config(config, clock)?,
            public_url: config.text("PUBLIC_URL").map(str::to_owned),
            db,
        })
    }

    /// Refuses to send a payer or a person of the company anywhere but back to us.
    pub fn check_return_url(&self, text: &str) -> Result<(), Invalid> {
        check_return_url(text, self.public_url.as_deref())
    }

    /// The company's account at the provider, with its keys opened.
    pub async fn merchant(
        &self,
        tenant: TenantId,
        merchant: MerchantId,
    ) -> Result<Merchant, PayError> {
        let scope = self.db.read(tenant).await?;
        let found = merchant_accounts::find(&scope, merchant).await?;
        let found = found.ok_or_else(|| PayError::Defect(format!("{merchant} is missing")))?;
        merchant_accounts::open(&self.vault, &found).await
    }
}

/// Only to a page of ours, where we know it: the provider's page must not lead astray.
fn check_return_url(text: &str, public_url: Option<&str>) -> Result<(), Invalid> {
    let url = Url::parse(text).ok().filter(|url| ["http", "https"].contains(&url.scheme()));
    let url = url.ok_or_else(|| Invalid::new("returnUrl", expected::web_address()))?;
    match public_url.map(Url::parse) {
        Some(Ok(ours)) if ours.origin() != url.origin() => {
            Err(Invalid::new("returnUrl", say::must_be_below(ours.to_string())))
        }
        _ => Ok(()),
    }
}

fn split(secrets: Option<SecretString>) -> Vec<SecretString> {
    use secrecy::ExposeSecret as _;
    let Some(secrets) = secrets else { return Vec::new() };
    let parts = secrets.expose_secret().split(',').map(str::trim);
    parts.filter(|part| !part.is_empty()).map(SecretString::from).collect()
}

#[cfg(test)]
mod tests {
    use super::check_return_url;

    #[test]
    fn the_payer_is_sent_back_to_us_only() {
        assert!(
            check_return_url("https://estate.example/pay", Some("https://estate.example")).is_ok()
        );
        assert!(
            check_return_url("https://evil.example/pay", Some("https://estate.example")).is_err()
        );
        assert!(check_return_url("javascript:alert(1)", None).is_err());
        assert!(check_return_url("nonsense", None).is_err());
    }
}
