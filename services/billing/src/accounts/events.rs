//! A corrected name reaches the accounts that were opened with the wrong one.

use super::repo;
use contracts::residents::MembersChanged;
use db::{StoredEvent, TenantScope};
use events::{Event, EventHandler, HandlerError, Subscription};
use std::{collections::HashMap, sync::Arc};

/// What accounts hear of.
pub(crate) fn subscription() -> Subscription {
    Subscription { source: "residents", kind: MembersChanged::KIND, handler: Arc::new(Rename) }
}

struct Rename;

#[async_trait::async_trait]
impl EventHandler for Rename {
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        let fact: MembersChanged = events::read(event)?;
        let members = fact.units.iter().flat_map(|unit| &unit.members);
        let names: HashMap<_, _> =
            members.map(|member| (member.person, member.name.clone())).collect();
        let units: Vec<_> = fact.units.iter().map(|unit| unit.unit).collect();
        for account in repo::of_units(scope, &units).await? {
            if let Some(name) = names.get(&account.debtor.party).filter(|to| **to != account.name) {
                repo::rename(scope, account.id, name).await?;
            }
        }
        Ok(())
    }
}
