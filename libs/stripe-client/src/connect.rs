//! Accounts of companies under the platform's. async-stripe keeps these calls in a crate of its own
//! that is large; three requests do not need it.

use crate::{convert, provider::once};
use payments::{AccountState, IdempotencyKey, Outcome, ReadError, ReturnUrls};
use serde::Serialize;
use stripe::{Client, StripeError};
use stripe_client_core::{RequestBuilder, StripeMethod};

#[derive(Serialize)]
struct NewAccount<'r> {
    #[serde(rename = "type")]
    kind: &'static str,
    country: &'r str,
    metadata: Metadata<'r>,
}

#[derive(Serialize)]
struct Metadata<'r> {
    reference: &'r str,
}

#[derive(miniserde::Deserialize)]
struct Opened {
    id: String,
}

#[derive(Serialize)]
struct NewLink<'r> {
    account: &'r str,
    refresh_url: &'r str,
    return_url: &'r str,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(miniserde::Deserialize)]
struct Link {
    url: String,
}

/// Opens a standard account: the company has its own contract and dashboard with Stripe.
pub(crate) async fn open(
    client: Result<Client, StripeError>,
    reference: &str,
    country: &str,
) -> Outcome<String> {
    let sent = async {
        let client = client?;
        let key = IdempotencyKey::new(format!("account-{reference}"));
        let key = key.map_err(|error| StripeError::ConfigError(error.to_string()))?;
        let account = NewAccount { kind: "standard", country, metadata: Metadata { reference } };
        RequestBuilder::new(StripeMethod::Post, "/accounts")
            .form(&account)
            .customize::<Opened>()
            .request_strategy(once(&key)?)
            .send(&client)
            .await
    };
    match sent.await {
        Ok(opened) => Outcome::Succeeded(opened.id),
        Err(error) => convert::outcome(&error),
    }
}

#[derive(miniserde::Deserialize)]
struct State {
    charges_enabled: bool,
    details_submitted: bool,
    payouts_enabled: bool,
}

/// What the account that the client acts for may do.
pub(crate) async fn state(client: Result<Client, StripeError>) -> Result<AccountState, ReadError> {
    let asked = async {
        let account = RequestBuilder::new(StripeMethod::Get, "/account").customize::<State>();
        account.send(&client?).await
    };
    let state = asked.await.map_err(|error| convert::read_error(&error))?;
    Ok(match (state.details_submitted, state.charges_enabled && state.payouts_enabled) {
        (_, true) => AccountState::Ready,
        (true, false) => AccountState::Restricted,
        (false, false) => AccountState::Incomplete,
    })
}

/// A new link to the onboarding page; giving up leads back to where a fresh link is made.
pub(crate) async fn link(
    client: Result<Client, StripeError>,
    account: &str,
    urls: &ReturnUrls,
) -> Result<String, ReadError> {
    let sent = async {
        let (refresh_url, return_url) = (urls.cancel.as_str(), urls.success.as_str());
        let link = NewLink { account, refresh_url, return_url, kind: "account_onboarding" };
        RequestBuilder::new(StripeMethod::Post, "/account_links")
            .form(&link)
            .customize::<Link>()
            .send(&client?)
            .await
    };
    sent.await.map(|link| link.url).map_err(|error| convert::read_error(&error))
}
