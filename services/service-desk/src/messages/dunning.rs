//! Reminders of billing's: heard, posted, and told of when they arrived (handbook ch. 27).

use super::{
    Channel, MessageKind, Words, Written,
    delivery::Delivery,
    inbox::{self, Entry},
    post_all, say,
};
use contracts::{
    billing::DunningMessageSent,
    service_desk::{DunningMessageDelivered, Receipt},
};
use db::{StorageError, StoredEvent, TenantScope};
use events::{Event as _, EventHandler, HandlerError, Subscription};
use places::estates;
use std::sync::Arc;
use texts::{Language, Text};

struct Post;

#[async_trait::async_trait]
impl EventHandler for Post {
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        let told: DunningMessageSent = events::read(event)?;
        let estate = estates::find(scope, told.estate).await?;
        let name = estate.map(|estate| estate.name).unwrap_or_default();
        let title: Text = say::dunning_title(name);
        let letter = Written {
            estate: told.estate,
            person: told.debtor,
            unit: told.unit,
            kind: MessageKind::Dunning,
            title: Words { zh: title.say(Language::Zh), en: title.say(Language::En) },
            body: Words { zh: told.text_zh, en: told.text_en },
            reference: told.action,
        };
        // Only the database can be in the way of a letter.
        post_all(scope, vec![letter]).await.map(drop).map_err(|refused| match refused {
            crate::Refused::Storage(error) => HandlerError::Storage(error),
            other => HandlerError::Refused(other.to_string()),
        })
    }
}

/// Hears of billing's reminders.
pub(crate) fn subscription() -> Subscription {
    Subscription { source: "billing", kind: DunningMessageSent::KIND, handler: Arc::new(Post) }
}

/// Tells billing that the provider took the short message of a reminder.
pub(super) async fn sent(scope: &TenantScope, delivery: &Delivery) -> Result<(), StorageError> {
    if delivery.channel != Channel::Sms || delivery.kind != Some(MessageKind::Dunning) {
        return Ok(());
    }
    let letter = delivery.letter.map(Into::into);
    for letter in inbox::by_ids(scope, letter).await?.into_values() {
        tell(scope, letter, Receipt::SmsReceipt, delivery.id.to_string()).await?;
    }
    Ok(())
}

/// Tells billing which of these letters, just read, were reminders.
pub(super) async fn read(scope: &TenantScope, letters: &[Entry]) -> Result<(), StorageError> {
    for letter in letters.iter().filter(|letter| letter.kind == MessageKind::Dunning) {
        let id = letter.id.to_string();
        tell(scope, letter.clone(), Receipt::AppRead, id).await?;
    }
    Ok(())
}

async fn tell(
    scope: &TenantScope,
    letter: Entry,
    receipt: Receipt,
    reference: String,
) -> Result<(), StorageError> {
    let at = scope.now();
    let event = DunningMessageDelivered { action: letter.reference, at, receipt, reference };
    events::publish(scope, &event).await.map(drop)
}
