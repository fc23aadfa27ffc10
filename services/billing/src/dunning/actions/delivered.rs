//! Messages that whoever delivers them says arrived.

use super::{domain::Delivered, repo};
use crate::{cause::Cause, dunning::domain::Evidence, estates, ids::DunningActionId};
use authz::{AuditFact, UserId};
use contracts::service_desk::{DunningMessageDelivered, Receipt};
use db::{StoredEvent, TenantScope};
use events::{Event as _, EventHandler, HandlerError, Subscription};
use std::sync::Arc;
use uuid::Uuid;

/// What contacts hear of.
pub(crate) fn subscription() -> Subscription {
    Subscription {
        source: "service-desk",
        kind: DunningMessageDelivered::KIND,
        handler: Arc::new(Hear),
    }
}

struct Hear;

#[async_trait::async_trait]
impl EventHandler for Hear {
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        let told: DunningMessageDelivered = events::read(event)?;
        let Ok(id) = told.action.parse::<DunningActionId>() else { return Ok(()) };
        let Some(action) = repo::find(scope, id).await? else { return Ok(()) };
        let Some(estate) = estates::find(scope, action.estate).await? else { return Ok(()) };
        let delivered = Delivered {
            // Clocks of services differ a little.
            at: told.at.max(action.happened_at).min(scope.now()),
            evidence: match told.receipt {
                Receipt::AppRead => Evidence::AppRead,
                Receipt::SmsReceipt => Evidence::SmsReceipt,
            },
            reference: told.reference,
        };
        let over = repo::is_delivered(scope, id).await? || repo::is_corrected(scope, id).await?;
        if over || !action.channel.is_message() {
            return Ok(());
        }
        // Nobody in particular says so.
        let nobody = UserId::from_uuid(Uuid::nil());
        repo::insert_delivery(scope, id, (&delivered, nobody), estate.zone).await?;
        let fact = AuditFact {
            action: "dunning_action.delivered",
            object: id.to_string(),
            estate: Some(action.estate),
            reason: None,
            detail: serde_json::json!({ "evidence": delivered.evidence, "at": delivered.at }),
        };
        Cause::event(event).audit(scope, fact).await?;
        Ok(())
    }
}
