//! Attachments in the database.

use super::{Attachment, AttachmentId, Parent, domain::Removal};
use authz::UserId;
use contracts::FileId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "attachments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub parent_kind: String,
        pub parent_id: Uuid,
        pub estate_id: Uuid,
        pub file_id: Uuid,
        pub caption: Option<String>,
        pub stage: String,
        pub attached_by: Uuid,
        pub attached_at: DateTimeUtc,
        pub removed_at: Option<DateTimeUtc>,
        pub removed_by: Option<Uuid>,
        pub removal_reason: Option<String>,
        pub internal: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

use row::Column as C;

fn read(row: row::Model) -> Result<Attachment, StorageError> {
    let removed = match (row.removed_at, row.removed_by, row.removal_reason) {
        (Some(at), Some(by), Some(reason)) => {
            Some(Removal { at, by: UserId::from_uuid(by), reason })
        }
        _ => None,
    };
    Ok(Attachment {
        id: AttachmentId::from_uuid(row.id),
        parent: Parent::of(&row.parent_kind, row.parent_id)?,
        estate: EstateId::from_uuid(row.estate_id),
        file: FileId::from_uuid(row.file_id),
        caption: row.caption,
        stage: stored::read_word(&row.stage)?,
        internal: row.internal,
        attached_by: UserId::from_uuid(row.attached_by),
        attached_at: row.attached_at,
        removed,
    })
}

/// Adds an attachment.
pub(super) async fn insert(scope: &TenantScope, one: &Attachment) -> Result<(), StorageError> {
    let (kind, parent) = one.parent.kept();
    scope
        .insert(row::ActiveModel {
            id: Set(one.id.as_uuid()),
            parent_kind: Set(kind.to_owned()),
            parent_id: Set(parent),
            estate_id: Set(one.estate.as_uuid()),
            file_id: Set(one.file.as_uuid()),
            caption: Set(one.caption.clone()),
            stage: Set(stored::word(one.stage)?),
            internal: Set(one.internal),
            attached_by: Set(one.attached_by.as_uuid()),
            attached_at: Set(one.attached_at),
            ..Default::default()
        })
        .await
}

/// Notes that an attachment was taken away; whether it was still there.
pub(super) async fn remove(
    scope: &TenantScope,
    id: AttachmentId,
    removal: &Removal,
) -> Result<bool, StorageError> {
    let rows = scope
        .update::<row::Entity>()
        .filter(C::Id.eq(id.as_uuid()))
        .filter(C::RemovedAt.is_null())
        .set(C::RemovedAt, Some(removal.at))
        .set(C::RemovedBy, Some(removal.by.as_uuid()))
        .set(C::RemovalReason, Some(removal.reason.clone()));
    Ok(rows.exec().await? == 1)
}

/// The attachment, if there is one.
pub(super) async fn find(
    scope: &TenantScope,
    id: AttachmentId,
) -> Result<Option<Attachment>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(C::Id.eq(id.as_uuid()));
    rows.one().await?.map(read).transpose()
}

/// How a file is attached, if it is.
pub(super) async fn of_file(
    scope: &TenantScope,
    file: FileId,
) -> Result<Option<Attachment>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(C::FileId.eq(file.as_uuid()));
    rows.one().await?.map(read).transpose()
}

/// How many are attached and not taken away.
pub(super) async fn count(scope: &TenantScope, parent: Parent) -> Result<u64, StorageError> {
    let (kind, id) = parent.kept();
    let rows =
        scope.find::<row::Entity>().filter(C::ParentId.eq(id)).filter(C::ParentKind.eq(kind));
    rows.filter(C::RemovedAt.is_null()).count().await
}

/// A page of what is or was attached, in the order in which it was; of what is internal too, or not.
pub(super) async fn page(
    scope: &TenantScope,
    (parent, inside): (Parent, bool),
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Attachment>, StorageError> {
    let (kind, id) = parent.kept();
    let rows = scope
        .find::<row::Entity>()
        .filter(C::ParentId.eq(id))
        .filter(C::ParentKind.eq(kind))
        .filter_by((!inside).then_some(false), |internal| C::Internal.eq(internal))
        .filter_by(after, |last| C::Id.gt(last))
        .asc(C::Id)
        .limit(limit);
    rows.all().await?.into_iter().map(read).collect()
}
