//! The audit log out.

use authz::CompanyScope;
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, tenant_owned};
use ids::EstateId;
use sea_orm::{ColumnTrait as _, Condition};
use uuid::Uuid;

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

/// What of the log is wanted; nothing set is everything.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    pub actor: Option<String>,
    pub action: Option<String>,
    pub object: Option<String>,
    pub estate: Option<EstateId>,
    /// From this instant on.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub before: Option<DateTime<Utc>>,
}

/// One act.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub actor_kind: String,
    pub actor: String,
    pub action: String,
    pub object: String,
    pub estate: Option<EstateId>,
    pub reason: Option<String>,
    pub detail: String,
    pub origin: String,
}

impl From<row::Model> for AuditEntry {
    fn from(row: row::Model) -> Self {
        Self {
            id: row.id,
            at: row.at,
            actor_kind: row.actor_kind,
            actor: row.actor,
            action: row.action,
            object: row.object,
            estate: row.estate_id.map(EstateId::from_uuid),
            reason: row.reason,
            detail: row.detail,
            origin: row.origin,
        }
    }
}

/// A page of the log, newest first; `after` is the last entry of the page before.
pub async fn page(
    scope: &TenantScope,
    _leave: &CompanyScope,
    filter: AuditFilter,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: u64,
) -> Result<Vec<AuditEntry>, StorageError> {
    use row::Column;
    let older = |(at, id): (DateTime<Utc>, Uuid)| {
        let same = Condition::all().add(Column::At.eq(at)).add(Column::Id.lt(id));
        Condition::any().add(Column::At.lt(at)).add(same).into()
    };
    let found = scope
        .find::<row::Entity>()
        .filter_by(filter.actor, |actor| Column::Actor.eq(actor))
        .filter_by(filter.action, |action| Column::Action.eq(action))
        .filter_by(filter.object, |object| Column::Object.eq(object))
        .filter_by(filter.estate, |estate| Column::EstateId.eq(estate.as_uuid()))
        .filter_by(filter.from, |from| Column::At.gte(from))
        .filter_by(filter.before, |before| Column::At.lt(before))
        .filter_by(after, older);
    let rows = found.desc(Column::At).desc(Column::Id).limit(limit).all().await?;
    Ok(rows.into_iter().map(Into::into).collect())
}
