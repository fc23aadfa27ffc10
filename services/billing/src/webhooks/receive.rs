//! Taking an announcement: verify, store, answer. Nobody is asked anything here.

use super::{process::PROCESS, repo};
use crate::{
    ids::MerchantId,
    merchant_accounts::{self, Routed},
    payments::{Channel, PayError},
};
use ::payments::{Merchant, ProviderEvent, WebhookEndpoint};
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State},
    routing::post,
};
use db::enqueue_job;
use http::{HeaderMap, StatusCode};

/// The largest announcement taken; the provider's are a few kilobytes.
const MAX_BODY: usize = 256 * 1024;

/// `POST /webhooks/stripe/platform` for companies connected under the platform, and
/// `POST /webhooks/stripe/{merchant account id}` for a company with its own keys.
pub(crate) fn routes(channel: Channel) -> Router {
    Router::new()
        .route("/webhooks/stripe/{merchant}", post(receive))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(channel)
}

async fn receive(
    State(channel): State<Channel>,
    Path(merchant): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let taken = if merchant == "platform" {
        for_platform(&channel, &headers, &body).await
    } else {
        match merchant.parse() {
            Ok(merchant) => for_merchant(&channel, merchant, &headers, &body).await,
            Err(_) => Ok(StatusCode::NOT_FOUND),
        }
    };
    taken.unwrap_or_else(|error| {
        tracing::error!(%error, "an announcement cannot be stored; the provider will repeat it");
        StatusCode::SERVICE_UNAVAILABLE
    })
}

async fn for_platform(
    channel: &Channel,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<StatusCode, PayError> {
    let event = match channel.provider.webhook(WebhookEndpoint::Platform, headers, body) {
        Ok(event) => event,
        Err(error) => return Ok(refused(&error.to_string())),
    };
    let Some(account) = event.account.clone() else { return Ok(StatusCode::OK) };
    // Of an account that is nobody's here: taken, and without effect.
    let Some(routed) = merchant_accounts::of_account(&channel.db, &account).await? else {
        tracing::warn!(account, "an announcement for an account of nobody");
        return Ok(StatusCode::OK);
    };
    store(channel, routed, &account, &event).await
}

async fn for_merchant(
    channel: &Channel,
    merchant: MerchantId,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<StatusCode, PayError> {
    let Some(routed) = merchant_accounts::of_id(&channel.db, merchant).await? else {
        return Ok(StatusCode::NOT_FOUND);
    };
    let Merchant::OwnKeys(keys) = channel.merchant(routed.tenant, merchant).await? else {
        return Ok(StatusCode::NOT_FOUND);
    };
    match channel.provider.webhook(WebhookEndpoint::Own(&keys), headers, body) {
        Ok(event) => store(channel, routed, &keys.account, &event).await,
        Err(error) => Ok(refused(&error.to_string())),
    }
}

async fn store(
    channel: &Channel,
    routed: Routed,
    account: &str,
    event: &ProviderEvent,
) -> Result<StatusCode, PayError> {
    let scope = channel.db.write(routed.tenant).await?;
    if let Some(id) = repo::store(&scope, routed, account, event).await? {
        enqueue_job(&scope, PROCESS, id).await?;
        scope.commit().await?;
    }
    Ok(StatusCode::OK)
}

fn refused(reason: &str) -> StatusCode {
    tracing::warn!(reason, "an announcement is not believed");
    StatusCode::BAD_REQUEST
}
