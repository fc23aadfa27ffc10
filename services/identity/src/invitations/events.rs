//! What residents tells of invitations, and what identity tells when one is used.

use super::repo;
use contracts::residents::ResidentInvited;
use db::{StoredEvent, TenantScope};
use events::{Event as _, EventHandler, HandlerError, Subscription};
use std::sync::Arc;

/// Keeps invitations as residents make them.
pub fn subscriptions() -> Vec<Subscription> {
    let handler = Arc::new(KeepInvitation);
    vec![Subscription { source: "residents", kind: ResidentInvited::KIND, handler }]
}

struct KeepInvitation;

#[async_trait::async_trait]
impl EventHandler for KeepInvitation {
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        Ok(repo::keep(scope, events::read(event)?).await?)
    }
}
