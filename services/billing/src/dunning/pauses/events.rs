//! Complaints that other services tell of: while one is open, nothing is demanded for its unit.

use super::{
    domain::PauseKind,
    end::advance_held,
    repo::{self, Pause},
};
use crate::{cause::Cause, error::Refused, estates, ids::DunningPauseId};
use authz::AuditFact;
use contracts::service_desk::{ComplaintAnswered, ComplaintOpened};
use db::{StorageError, StoredEvent, TenantScope};
use events::{Event as _, EventHandler, HandlerError, Subscription};
use std::sync::Arc;

/// Who receives complaints.
const SOURCE: &str = "service-desk";

/// What dunning hears of.
pub(crate) fn subscriptions() -> [Subscription; 2] {
    [ComplaintOpened::KIND, ComplaintAnswered::KIND].map(|kind| Subscription {
        source: SOURCE,
        kind,
        handler: Arc::new(Hear),
    })
}

struct Hear;

#[async_trait::async_trait]
impl EventHandler for Hear {
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        let done = if event.kind == ComplaintOpened::KIND {
            opened(scope, events::read(event)?, event).await
        } else {
            answered(scope, events::read(event)?, event).await
        };
        match done {
            Ok(()) => Ok(()),
            Err(Refused::Storage(error)) => Err(error.into()),
            Err(refused) => Err(StorageError::unreadable(refused.to_string()).into()),
        }
    }
}

async fn opened(
    scope: &TenantScope,
    told: ComplaintOpened,
    event: &StoredEvent,
) -> Result<(), Refused> {
    let reference = format!("{SOURCE}/{}", told.complaint);
    if repo::by_reference(scope, &reference).await?.is_some() {
        return Ok(());
    }
    let Some(estate) = estates::find(scope, told.estate).await? else { return Ok(()) };
    let unit = estates::unit(scope, told.unit).await?.filter(|unit| unit.estate == estate.id);
    let Some(unit) = unit else { return Ok(()) };
    let pause = Pause {
        id: DunningPauseId::from_uuid(scope.new_id()),
        estate: estate.id,
        account: None,
        unit: Some(unit.id),
        building: Some(unit.building),
        kind: PauseKind::Complaint,
        reference: Some(reference),
        reason: told.subject,
        started_on: estate.today(scope.clock()),
        started_by: None,
        ended_on: None,
        ended_by: None,
        end_reason: None,
    };
    repo::insert(scope, &pause, &[]).await?;
    note(scope, event, "dunning.paused", &pause).await?;
    advance_held(scope, &estate, &pause).await
}

async fn answered(
    scope: &TenantScope,
    told: ComplaintAnswered,
    event: &StoredEvent,
) -> Result<(), Refused> {
    let reference = format!("{SOURCE}/{}", told.complaint);
    let found = repo::by_reference(scope, &reference).await?;
    let Some(mut pause) = found.filter(|pause| pause.ended_on.is_none()) else { return Ok(()) };
    let Some(estate) = estates::find(scope, pause.estate).await? else { return Ok(()) };
    pause.ended_on = Some(estate.today(scope.clock()));
    repo::close(scope, &pause).await?;
    note(scope, event, "dunning.resumed", &pause).await?;
    advance_held(scope, &estate, &pause).await
}

async fn note(
    scope: &TenantScope,
    event: &StoredEvent,
    action: &str,
    pause: &Pause,
) -> Result<(), StorageError> {
    let fact = AuditFact {
        action,
        object: pause.id.to_string(),
        estate: Some(pause.estate),
        reason: None,
        detail: serde_json::json!({ "kind": pause.kind, "reference": pause.reference }),
    };
    Cause::event(event).audit(scope, fact).await
}
