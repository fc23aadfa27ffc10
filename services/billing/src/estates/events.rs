//! Facts of identity and residents, taken in.

use super::repo;
use contracts::{
    identity::EstateChanged,
    residents::{MembersChanged, ParkingSpacesChanged, UnitsChanged},
};
use db::{StoredEvent, TenantScope};
use events::{Event, EventHandler, HandlerError, Subscription};
use std::sync::Arc;

/// What billing hears of.
pub(crate) fn subscriptions() -> Vec<Subscription> {
    let on = |source, kind| Subscription { source, kind, handler: Arc::new(Project) };
    vec![
        on("identity", EstateChanged::KIND),
        on("residents", UnitsChanged::KIND),
        on("residents", MembersChanged::KIND),
        on("residents", ParkingSpacesChanged::KIND),
    ]
}

struct Project;

#[async_trait::async_trait]
impl EventHandler for Project {
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        match event.kind.as_str() {
            EstateChanged::KIND => repo::put_estate(scope, events::read(event)?).await?,
            UnitsChanged::KIND => repo::put_units(scope, events::read(event)?).await?,
            MembersChanged::KIND => repo::put_members(scope, events::read(event)?).await?,
            ParkingSpacesChanged::KIND => repo::put_spaces(scope, events::read(event)?).await?,
            other => return Err(HandlerError::Unreadable(format!("nobody takes in {other}"))),
        }
        Ok(())
    }
}
