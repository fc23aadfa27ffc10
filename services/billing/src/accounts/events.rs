//! A corrected name reaches the accounts that were opened with the wrong one.

use super::{Debtor, repo};
use contracts::residents::{MembersChanged, ParkingSpacesChanged, PartyName};
use db::{StoredEvent, TenantScope};
use events::{Event, EventHandler, HandlerError, Subscription};
use ids::EstateId;
use std::{collections::HashMap, sync::Arc};

/// What accounts hear of.
pub(crate) fn subscriptions() -> [Subscription; 2] {
    [MembersChanged::KIND, ParkingSpacesChanged::KIND].map(|kind| Subscription {
        source: "residents",
        kind,
        handler: Arc::new(Rename),
    })
}

struct Rename;

#[async_trait::async_trait]
impl EventHandler for Rename {
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        let (estate, names) = if event.kind == ParkingSpacesChanged::KIND {
            of_spaces(events::read(event)?)
        } else {
            of_members(events::read(event)?)
        };
        let accounts = repo::of_debtors(scope, estate, names.keys().copied()).await?;
        for account in accounts.into_values() {
            if let Some(name) = names.get(&account.debtor).filter(|name| **name != account.name) {
                repo::rename(scope, account.id, name).await?;
            }
        }
        Ok(())
    }
}

/// Whoever belongs to a unit may owe for it, and as a person alone.
fn of_members(fact: MembersChanged) -> (EstateId, HashMap<Debtor, PartyName>) {
    let mut names = HashMap::new();
    for unit in fact.units {
        for member in unit.members {
            let party = member.person;
            names.insert(Debtor { party, unit: Some(unit.unit) }, member.name.clone());
            names.insert(Debtor { party, unit: None }, member.name);
        }
    }
    (fact.estate, names)
}

fn of_spaces(fact: ParkingSpacesChanged) -> (EstateId, HashMap<Debtor, PartyName>) {
    let holders = fact.spaces.into_iter().filter_map(|space| {
        Some((Debtor { party: space.holder?, unit: space.unit }, space.holder_name?))
    });
    (fact.estate, holders.collect())
}
