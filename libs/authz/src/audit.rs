//! Who did what: a row in the same transaction as the act.

use crate::Caller;
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

/// Records an act of `caller`.
///
/// # Errors
/// When the row cannot be written; then the act must not happen either.
pub async fn audit<D: Serialize>(
    scope: &TenantScope,
    caller: &Caller,
    fact: AuditFact<'_, D>,
) -> Result<(), StorageError> {
    let detail =
        serde_json::to_string(&fact.detail).map_err(|e| StorageError::unreadable(e.to_string()))?;
    scope
        .insert(row::ActiveModel {
            id: Set(scope.new_id()),
            at: Set(scope.now()),
            actor_kind: Set(caller.subject().kind().to_owned()),
            actor: Set(caller.user().to_string()),
            action: Set(fact.action.to_owned()),
            object: Set(fact.object),
            estate_id: Set(fact.estate.map(EstateId::as_uuid)),
            reason: Set(fact.reason.map(str::to_owned)),
            detail: Set(detail),
            origin: Set(caller.origin().to_owned()),
            ..Default::default()
        })
        .await
}
