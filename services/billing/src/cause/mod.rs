//! What moves money where no person does.

use authz::{Actor, AuditFact, audit_as};
use db::{JobKind, StorageError, StoredEvent, TenantScope};
use serde::Serialize;
use uuid::Uuid;

/// The job, announcement or event that moved money, recorded as whoever did it.
#[derive(Clone, Debug)]
pub(crate) struct Cause(String);

impl Cause {
    /// A piece of work on one row.
    pub fn job(kind: JobKind, id: Uuid) -> Self {
        Self(format!("job {} {id}", kind.0))
    }

    /// What the payment provider announced under this id of its own.
    pub fn announcement(id: &str) -> Self {
        Self(format!("announcement {id}"))
    }

    /// What another service told.
    pub fn event(event: &StoredEvent) -> Self {
        Self(format!("event {} {}", event.kind, event.id))
    }

    /// Records the act, in the transaction of the act.
    ///
    /// # Errors
    /// When the row cannot be written; then the act must not happen either.
    pub async fn audit<D: Serialize>(
        &self,
        scope: &TenantScope,
        fact: AuditFact<'_, D>,
    ) -> Result<(), StorageError> {
        audit_as(scope, Actor { kind: "system", id: &self.0, origin: "billing" }, fact).await
    }
}

#[cfg(test)]
mod tests;
