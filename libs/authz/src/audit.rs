//! Who did what: a row in the same transaction as the act.

use crate::Caller;
use contracts::audit::AuditRecorded;
use db::{StorageError, TenantScope, tenant_owned};
use ids::EstateId;
use sea_orm::ActiveValue::Set;
use serde::Serialize;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_log")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub at: DateTimeUtc,
        pub actor_kind: String,
        pub actor: String,
        pub action: String,
        pub object: String,
        pub estate_id: Option<Uuid>,
        pub reason: Option<String>,
        pub detail: String,
        pub origin: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// One act worth remembering.
#[derive(Clone, Debug)]
pub struct AuditFact<'f, D: Serialize = ()> {
    /// `noun.verb`, e.g. `estate.created`.
    pub action: &'f str,
    /// The object's id as text.
    pub object: String,
    /// The estate it is in, if it is in one.
    pub estate: Option<EstateId>,
    /// Why, where the act asks for a reason.
    pub reason: Option<&'f str>,
    /// What changed; never a secret and no unmasked personal data.
    pub detail: D,
}

/// Who acted, where there is no [`Caller`]: at sign-in, on the command line, in a job.
#[derive(Clone, Copy, Debug)]
pub struct Actor<'a> {
    /// `staff`, `resident`, `client`, `support`, `operator` or `system`.
    pub kind: &'a str,
    /// The account's id as text, or the job's name.
    pub id: &'a str,
    /// The address the call came from.
    pub origin: &'a str,
}

/// Records an act of `caller`, and tells identity, which collects the logs of all services.
///
/// # Errors
/// When the row cannot be written; then the act must not happen either.
pub async fn audit<D: Serialize>(
    scope: &TenantScope,
    caller: &Caller,
    fact: AuditFact<'_, D>,
) -> Result<(), StorageError> {
    let id = caller.user().to_string();
    let actor = Actor { kind: caller.subject().kind(), id: &id, origin: caller.origin() };
    audit_as(scope, actor, fact).await
}

/// As [`audit`], for somebody who is no [`Caller`].
///
/// # Errors
/// When the row cannot be written; then the act must not happen either.
pub async fn audit_as<D: Serialize>(
    scope: &TenantScope,
    actor: Actor<'_>,
    fact: AuditFact<'_, D>,
) -> Result<(), StorageError> {
    let detail =
        serde_json::to_string(&fact.detail).map_err(|e| StorageError::unreadable(e.to_string()))?;
    let recorded = AuditRecorded {
        id: scope.new_id(),
        at: scope.now(),
        actor_kind: actor.kind.to_owned(),
        actor: actor.id.to_owned(),
        action: fact.action.to_owned(),
        object: fact.object,
        estate: fact.estate,
        reason: fact.reason.map(str::to_owned),
        detail,
        origin: actor.origin.to_owned(),
    };
    events::publish(scope, &recorded).await?;
    keep_audit(scope, recorded).await
}

/// Writes a row that is already recorded elsewhere: how identity collects other services' logs.
///
/// # Errors
/// When the row cannot be written.
pub async fn keep_audit(scope: &TenantScope, row: AuditRecorded) -> Result<(), StorageError> {
    scope
        .insert(row::ActiveModel {
            id: Set(row.id),
            at: Set(row.at),
            actor_kind: Set(row.actor_kind),
            actor: Set(row.actor),
            action: Set(row.action),
            object: Set(row.object),
            estate_id: Set(row.estate.map(EstateId::as_uuid)),
            reason: Set(row.reason),
            detail: Set(row.detail),
            origin: Set(row.origin),
            ..Default::default()
        })
        .await
}
