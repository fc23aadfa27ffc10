//! Saving a card: the consent first, then the payer's page.

use super::{
    domain::{CONSENT_VERSION, CardState},
    follow_card::{FOLLOW_CARD, open_page},
    repo::{self, Card, CardPage},
    settings::permitted,
};
use crate::{
    estates,
    ids::{BillingAccountId, SavedCardId},
    merchant_accounts,
    payments::{Channel, GRACE, PayError},
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use chrono::Duration;
use db::{IdempotencyKey, enqueue_job_after};
use errors::{Invalid, expected};
use money::Fen;
use serde::Serialize;

/// How long the page stays open; the provider allows 30 minutes to 24 hours.
const PAGE_OPEN_FOR: Duration = Duration::hours(1);

/// Save a card with which bills of an account are paid when they fall due.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SaveCard {
    pub account: BillingAccountId,
    /// The most that may be charged for one bill.
    pub most: Fen,
    /// The words that the payer has read.
    pub consent_version: i32,
    /// Where the payer's browser goes afterwards.
    pub return_url: String,
    /// The page's language: Chinese, else English.
    pub chinese: bool,
}

/// Records the consent, then opens the page. A consent counts only once a card is saved.
#[tracing::instrument(name = "usecase.auto_pay.save", skip_all, fields(account.id = %command.account))]
pub(super) async fn save(
    channel: &Channel,
    caller: &Caller,
    command: SaveCard,
    key: &IdempotencyKey,
) -> Result<SavedCardId, PayError> {
    let scope = channel.db.write(caller.tenant()).await?;
    permitted(&scope, caller, command.account).await?;
    drop(scope);
    if command.consent_version != CONSENT_VERSION {
        return Err(Invalid::new("consentVersion", say::auto_pay_read_again()).into());
    }
    if !command.most.is_positive() {
        return Err(Invalid::new("limit", expected::above_zero()).into());
    }
    channel.check_return_url(&command.return_url)?;
    let id = SavedCardId::from_uuid(channel.db.clock().uuid());
    let (actor, input) = (caller.clone(), command.clone());
    let done = keyed(&channel.db, caller, "save_card", key, &input, move |scope| {
        Box::pin(async move {
            let account = permitted(scope, &actor, command.account).await?;
            let estate = estates::find(scope, account.estate).await?.ok_or(Denied::Hidden)?;
            let merchant = merchant_accounts::active(scope).await?;
            let merchant = merchant.ok_or(PayError::Conflict(say::no_online_payments()))?;
            let card = Card {
                id,
                account: account.id,
                merchant: merchant.id,
                state: CardState::Opened,
                most: command.most,
                currency: estate.currency,
                consent_version: command.consent_version,
                page: CardPage {
                    return_url: command.return_url,
                    chinese: command.chinese,
                    expires_at: scope.now() + PAGE_OPEN_FOR,
                },
                checkout_id: None,
                checkout_url: None,
                saved: None,
                given_by: actor.user(),
                given_at: scope.now(),
                active_at: None,
                revoked: None,
                revoked_by: None,
            };
            repo::insert(scope, &card).await?;
            enqueue_job_after(scope, FOLLOW_CARD, id.as_uuid(), GRACE).await?;
            let fact = AuditFact {
                action: "auto_pay.consented",
                object: id.to_string(),
                estate: Some(account.estate),
                reason: None,
                detail: (card.consent_version, card.most),
            };
            audit(scope, &actor, fact).await?;
            Ok::<_, PayError>(id)
        })
    })
    .await?;
    open_page(channel, caller.tenant(), done).await?;
    Ok(done)
}
