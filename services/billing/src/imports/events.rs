//! Hearing that residents' half of an import is in.

use super::{FeeImport, ImportState, job::KIND, repo};
use contracts::residents::RosterImported;
use db::{StoredEvent, TenantScope, enqueue_job};
use events::{Event as _, EventHandler, HandlerError, Subscription};
use std::sync::Arc;

/// Begins billing's half of each import. Every unit and space of the file stands before this event
/// in residents' log, so that they are known here by now.
pub(crate) fn subscription() -> Subscription {
    Subscription { source: "residents", kind: RosterImported::KIND, handler: Arc::new(Begin) }
}

struct Begin;

#[async_trait::async_trait]
impl EventHandler for Begin {
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        let told: RosterImported = events::read(event)?;
        let import = FeeImport {
            id: told.import,
            estate: told.estate,
            file: told.file,
            file_name: told.file_name,
            mapping: told.mapping,
            cut_over: told.cut_over,
            requested_by: told.requested_by,
            state: ImportState::Running,
            total: 0,
            done: 0,
            items: 0,
            proposed: 0,
            unchanged: 0,
            left_out: 0,
            failure: None,
            decided: None,
        };
        repo::keep(scope, &import).await?;
        Ok(enqueue_job(scope, KIND, import.id.as_uuid()).await?)
    }
}
