//! Tries in vain, in the database.

use super::{Channel, Revisit};
use crate::revisits::RevisitId;
use authz::UserId;
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use sea_orm::ActiveValue::Set;
use std::collections::HashMap;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "revisit_attempts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub revisit_id: Uuid,
        pub at: DateTimeUtc,
        pub made_by: Uuid,
        pub channel: String,
        pub note: Option<String>,
        pub next_try_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// A try in vain.
#[derive(Clone, Debug)]
pub(in crate::revisits) struct Attempt {
    pub at: DateTime<Utc>,
    pub made_by: UserId,
    pub channel: Channel,
    pub note: Option<String>,
    pub next_try_at: Option<DateTime<Utc>>,
}

/// Keeps the try that a revisit just counted.
pub(super) async fn insert(
    scope: &TenantScope,
    revisit: &Revisit,
    (by, channel, note): (UserId, Channel, Option<String>),
) -> Result<(), StorageError> {
    scope
        .insert(row::ActiveModel {
            id: Set(scope.new_id()),
            revisit_id: Set(revisit.id.as_uuid()),
            at: Set(scope.now()),
            made_by: Set(by.as_uuid()),
            channel: Set(stored::word(channel)?),
            note: Set(note),
            next_try_at: Set(revisit.next_try_at),
            ..Default::default()
        })
        .await
}

/// The tries at some revisits, in order.
pub(in crate::revisits) async fn of(
    scope: &TenantScope,
    revisits: impl IntoIterator<Item = RevisitId>,
) -> Result<HashMap<RevisitId, Vec<Attempt>>, StorageError> {
    let ids = revisits.into_iter().map(RevisitId::as_uuid);
    let rows = scope.find::<row::Entity>().filter_in(row::Column::RevisitId, ids);
    let mut found: HashMap<RevisitId, Vec<Attempt>> = HashMap::new();
    for row in rows.asc(row::Column::Id).all().await? {
        found.entry(RevisitId::from_uuid(row.revisit_id)).or_default().push(Attempt {
            at: row.at,
            made_by: UserId::from_uuid(row.made_by),
            channel: stored::read_word(&row.channel)?,
            note: row.note,
            next_try_at: row.next_try_at,
        });
    }
    Ok(found)
}
