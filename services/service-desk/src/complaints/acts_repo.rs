//! The timelines of complaints in the database.

use super::{ComplaintId, kinds::ActKind};
use authz::UserId;
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::collections::HashMap;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "complaint_acts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub complaint_id: Uuid,
        pub place: i32,
        pub at: DateTimeUtc,
        pub made_by: Uuid,
        pub kind: String,
        pub words: Option<String>,
        pub shared: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// An act on a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Act {
    pub at: DateTime<Utc>,
    pub by: UserId,
    pub kind: ActKind,
    pub words: Option<String>,
    /// Whether the complainant sees it.
    pub shared: bool,
}

/// Puts an act on the timeline.
pub(super) async fn insert(
    scope: &TenantScope,
    complaint: ComplaintId,
    act: Act,
) -> Result<(), StorageError> {
    let before = scope.find::<row::Entity>();
    let before = before.filter(row::Column::ComplaintId.eq(complaint.as_uuid())).count().await?;
    scope
        .insert(row::ActiveModel {
            id: Set(scope.new_id()),
            complaint_id: Set(complaint.as_uuid()),
            place: Set(i32::try_from(before).unwrap_or(i32::MAX)),
            at: Set(act.at),
            made_by: Set(act.by.as_uuid()),
            kind: Set(stored::word(act.kind)?),
            words: Set(act.words),
            shared: Set(act.shared),
            ..Default::default()
        })
        .await
}

/// The timelines of some complaints, in order.
pub(super) async fn of(
    scope: &TenantScope,
    complaints: impl IntoIterator<Item = ComplaintId>,
) -> Result<HashMap<ComplaintId, Vec<Act>>, StorageError> {
    let ids = complaints.into_iter().map(ComplaintId::as_uuid);
    let rows = scope.find::<row::Entity>().filter_in(row::Column::ComplaintId, ids);
    let mut found: HashMap<ComplaintId, Vec<Act>> = HashMap::new();
    for row in rows.asc(row::Column::Place).asc(row::Column::Id).all().await? {
        found.entry(ComplaintId::from_uuid(row.complaint_id)).or_default().push(Act {
            at: row.at,
            by: UserId::from_uuid(row.made_by),
            kind: stored::read_word(&row.kind)?,
            words: row.words,
            shared: row.shared,
        });
    }
    Ok(found)
}
