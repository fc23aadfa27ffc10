//! The page on which a card is saved, and what came of it.

use super::{
    charge_job::AUTO_PAY,
    domain::CardState,
    repo::{self, Card},
};
use crate::{
    accounts,
    cause::Cause,
    ids::SavedCardId,
    payments::{Channel, PayError},
};
use ::payments::{IdempotencyKey, Language, Outcome, ReturnUrls, SaveCardRequest, SavedCard};
use authz::{AuditFact, Denied};
use chrono::Duration;
use db::{ClaimedJob, JobEnd, JobKind, enqueue_job};
use ids::TenantId;
use runtime::JobHandler;
use tokio_util::sync::CancellationToken;

/// The work of finding out whether a card was saved.
pub(super) const FOLLOW_CARD: JobKind = JobKind("auto_pay_card");

/// Until the provider is asked again.
const AGAIN: Duration = Duration::seconds(20);

/// So long after the page has run out nothing can come of it any more.
const TOO_LATE: Duration = Duration::hours(1);

/// Finds out whether cards were saved.
pub(super) struct FollowCard(pub Channel);

#[async_trait::async_trait]
impl JobHandler for FollowCard {
    async fn run(&self, job: &ClaimedJob, _stop: &CancellationToken) -> JobEnd {
        match follow(&self.0, job.tenant, SavedCardId::from_uuid(job.id)).await {
            Ok(true) => JobEnd::Done,
            Ok(false) => JobEnd::RetryIn(AGAIN),
            Err(error) => {
                tracing::error!(%error, card.id = %job.id, "a card cannot be followed up");
                JobEnd::RetryIn(AGAIN)
            }
        }
    }
}

/// Opens the page, or finds the one that an earlier try opened: the request and its key are always
/// the same.
pub(super) async fn open_page(
    channel: &Channel,
    tenant: TenantId,
    id: SavedCardId,
) -> Result<(), PayError> {
    let scope = channel.db.read(tenant).await?;
    let card = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    drop(scope);
    if card.state != CardState::Opened || card.checkout_id.is_some() {
        return Ok(());
    }
    let merchant = channel.merchant(tenant, card.merchant).await?;
    match channel.provider.save_card(&merchant, &request(&card)?).await {
        Outcome::Succeeded(page) => {
            change(channel, tenant, id, |card| {
                card.checkout_id = Some(page.id);
                card.checkout_url = page.url;
            })
            .await
        }
        Outcome::Failed(failure) => {
            tracing::warn!(card.id = %id, %failure, "the provider opens no page for a card");
            change(channel, tenant, id, |card| card.state = CardState::Failed).await
        }
        Outcome::Pending => Ok(()),
        Outcome::Unknown { reason } => {
            tracing::warn!(card.id = %id, %reason, "the provider gave no answer");
            Ok(())
        }
    }
}

fn request(card: &Card) -> Result<SaveCardRequest, PayError> {
    let key = IdempotencyKey::new(card.id.to_string());
    Ok(SaveCardRequest {
        key: key.map_err(|error| PayError::Defect(error.to_string()))?,
        reference: card.id.to_string(),
        currency: card.currency,
        return_urls: ReturnUrls {
            success: card.page.return_url.clone(),
            cancel: card.page.return_url.clone(),
        },
        language: if card.page.chinese { Language::Chinese } else { Language::English },
        expires_at: card.page.expires_at,
    })
}

/// Changes a card whose page is open still.
async fn change(
    channel: &Channel,
    tenant: TenantId,
    id: SavedCardId,
    change: impl FnOnce(&mut Card) + Send,
) -> Result<(), PayError> {
    let scope = channel.db.write(tenant).await?;
    let mut card = repo::lock(&scope, id).await?.ok_or(Denied::Hidden)?;
    if card.state == CardState::Opened {
        change(&mut card);
        repo::save(&scope, &card).await?;
    }
    Ok(scope.commit().await?)
}

/// Asks once; whether it is decided.
async fn follow(channel: &Channel, tenant: TenantId, id: SavedCardId) -> Result<bool, PayError> {
    open_page(channel, tenant, id).await?;
    let scope = channel.db.read(tenant).await?;
    let card = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    let too_late = scope.now() > card.page.expires_at + TOO_LATE;
    drop(scope);
    if card.state != CardState::Opened {
        return Ok(true);
    }
    let outcome = match &card.checkout_id {
        Some(page) => {
            let merchant = channel.merchant(tenant, card.merchant).await?;
            channel.provider.saved_card(&merchant, page).await
        }
        None => Outcome::Pending,
    };
    match outcome {
        Outcome::Succeeded(saved) => activate(channel, tenant, &card, saved).await.map(|()| true),
        Outcome::Pending | Outcome::Unknown { .. } if !too_late => Ok(false),
        _ => {
            change(channel, tenant, id, |card| {
                card.state = CardState::Failed;
                card.checkout_url = None;
            })
            .await?;
            Ok(true)
        }
    }
}

/// From now on the card is charged, in place of an earlier one.
async fn activate(
    channel: &Channel,
    tenant: TenantId,
    card: &Card,
    saved: SavedCard,
) -> Result<(), PayError> {
    let scope = channel.db.write(tenant).await?;
    let account = accounts::lock(&scope, card.account).await?.ok_or(Denied::Hidden)?;
    for mut other in repo::standing(&scope, card.account).await? {
        if other.id == card.id {
            continue;
        }
        if other.state == CardState::Active {
            other.state = CardState::Revoked;
            other.revoked = Some(scope.now());
            repo::save(&scope, &other).await?;
        }
    }
    let mut card = repo::lock(&scope, card.id).await?.ok_or(Denied::Hidden)?;
    if card.state != CardState::Opened {
        return Ok(());
    }
    card.state = CardState::Active;
    card.saved = Some((saved.payer, saved.card));
    card.checkout_url = None;
    card.active_at = Some(scope.now());
    repo::save(&scope, &card).await?;
    enqueue_job(&scope, AUTO_PAY, card.id.as_uuid()).await?;
    let fact = AuditFact {
        action: "auto_pay.card_saved",
        object: card.id.to_string(),
        estate: Some(account.estate),
        reason: None,
        detail: card.most,
    };
    Cause::job(FOLLOW_CARD, card.id.as_uuid()).audit(&scope, fact).await?;
    Ok(scope.commit().await?)
}
