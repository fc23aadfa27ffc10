//! Short messages by an HTTP provider.

use super::provider::NotTaken;
use config::{Config, ConfigError};
use reqwest::{Client, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use std::{collections::BTreeMap, time::Duration};

/// After this long the provider counts as away.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The longest answer of a refusal that is read, in characters.
const MAX_ANSWER: usize = 300;

/// The provider; cheap to clone.
#[derive(Clone, Debug)]
pub struct SmsProvider {
    client: Client,
    url: String,
    token: SecretString,
}

/// What the provider is told.
#[derive(Debug, Serialize)]
pub(super) struct ShortMessage<'m> {
    /// The number.
    pub to: &'m str,
    /// What it says.
    pub text: &'m str,
    /// The same for every try, so that a provider knows what it has taken already.
    pub reference: &'m str,
    /// The code of the template that gave the text, for providers that send only what they approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<&'m str>,
    /// What its placeholders were filled with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<&'m BTreeMap<String, String>>,
}

impl SmsProvider {
    /// The provider at `SMS_URL`, which is shown `SMS_TOKEN` as a bearer token. Nothing is sent
    /// without them.
    ///
    /// # Errors
    /// When the address cannot be used, or the token is missing.
    pub fn from_config(config: &Config) -> Result<Option<Self>, ConfigError> {
        let Some(url) = config.text("SMS_URL") else { return Ok(None) };
        if !url.starts_with("https://") && !url.starts_with("http://") {
            let expected = "an address such as `https://sms.example.com/messages`".to_owned();
            return Err(ConfigError::Invalid { key: "SMS_URL".to_owned(), expected });
        }
        let token = config.secret("SMS_TOKEN")?;
        let token = token.ok_or_else(|| ConfigError::Missing { key: "SMS_TOKEN".to_owned() })?;
        Ok(Some(Self { client: service_http::client(TIMEOUT), url: url.to_owned(), token }))
    }

    /// Hands a short message to the provider: 2xx is taken, 4xx refused for good; all else,
    /// being busy (429) and silence included, is to be tried again.
    pub(super) async fn send(&self, message: &ShortMessage<'_>) -> Result<(), NotTaken> {
        let request = self.client.post(&self.url).bearer_auth(self.token.expose_secret());
        let answer = request.json(message).send().await.map_err(|error| NotTaken {
            for_good: false,
            reason: errors::chain(&error.without_url()),
        })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let text: String = answer.text().await.unwrap_or_default();
        let text: String = text.chars().take(MAX_ANSWER).collect();
        let busy = [StatusCode::TOO_MANY_REQUESTS, StatusCode::REQUEST_TIMEOUT].contains(&status);
        Err(NotTaken {
            for_good: status.is_client_error() && !busy,
            reason: format!("{status}: {text}"),
        })
    }
}
