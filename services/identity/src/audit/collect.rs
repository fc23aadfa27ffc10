//! Taking in the audit rows of other services, each exactly once.

use authz::keep_audit;
use contracts::audit::AuditRecorded;
use db::{StoredEvent, TenantScope};
use events::{Event as _, EventHandler, HandlerError, Subscription};
use std::sync::Arc;

/// One subscription per other service.
pub fn subscriptions() -> Vec<Subscription> {
    let subscribe =
        |source| Subscription { source, kind: AuditRecorded::KIND, handler: Arc::new(Collect) };
    ["residents", "billing", "service-desk"].map(subscribe).into()
}

struct Collect;

#[async_trait::async_trait]
impl EventHandler for Collect {
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        Ok(keep_audit(scope, events::read(event)?).await?)
    }
}
