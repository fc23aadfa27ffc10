//! What billing tells of arrears.

use super::repo;
use contracts::billing::ArrearsChanged;
use db::{StoredEvent, TenantScope};
use events::{Event as _, EventHandler, HandlerError, Subscription};
use std::sync::Arc;

/// Follows billing's arrears.
pub(in crate::notices) fn subscription() -> Subscription {
    Subscription { source: "billing", kind: ArrearsChanged::KIND, handler: Arc::new(Keep) }
}

struct Keep;

#[async_trait::async_trait]
impl EventHandler for Keep {
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        Ok(repo::keep(scope, events::read(event)?).await?)
    }
}
