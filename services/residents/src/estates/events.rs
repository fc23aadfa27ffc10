//! Hearing of estates.

use super::repo;
use contracts::identity::EstateChanged;
use db::{StoredEvent, TenantScope};
use events::{Event as _, EventHandler, HandlerError, Subscription};
use std::sync::Arc;

struct Keep;

#[async_trait::async_trait]
impl EventHandler for Keep {
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        Ok(repo::keep(scope, events::read(event)?).await?)
    }
}

/// Follows identity's estates.
pub fn subscription() -> Subscription {
    Subscription { source: "identity", kind: EstateChanged::KIND, handler: Arc::new(Keep) }
}
