//! Uploaded files in the database.

use super::domain::{File, FileState};
use authz::UserId;
use contracts::{FileId, residents::FileKept};
use db::{StorageError, TenantScope, stored, tenant_owned};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, sea_query::ExprTrait as _};
use std::collections::HashMap;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "files")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub size: i64,
        pub kind: String,
        pub state: String,
        pub thumbnail: Option<Uuid>,
        pub made_by: Uuid,
        pub made_at: DateTimeUtc,
        pub attached: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

use row::Column as C;

fn read(row: row::Model) -> Result<File, StorageError> {
    Ok(File {
        id: FileId::from_uuid(row.id),
        name: row.name,
        size: row.size,
        kind: stored::read_word(&row.kind)?,
        state: stored::read_word(&row.state)?,
        thumbnail: row.thumbnail.map(FileId::from_uuid),
        made_by: UserId::from_uuid(row.made_by),
    })
}

/// Notes a file whose content is stored.
pub(super) async fn insert(scope: &TenantScope, file: &File) -> Result<(), StorageError> {
    scope
        .insert(row::ActiveModel {
            id: Set(file.id.as_uuid()),
            name: Set(file.name.clone()),
            size: Set(file.size),
            kind: Set(stored::word(file.kind)?),
            state: Set(stored::word(file.state)?),
            made_by: Set(file.made_by.as_uuid()),
            made_at: Set(scope.now()),
            attached: Set(false),
            ..Default::default()
        })
        .await?;
    kept(scope, file.id, file.size).await
}

/// Tells how much more the company keeps, or less.
async fn kept(scope: &TenantScope, file: FileId, bytes: i64) -> Result<(), StorageError> {
    events::publish(scope, &FileKept { file, bytes }).await.map(drop)
}

/// The file, if there is one.
pub(super) async fn find(scope: &TenantScope, id: FileId) -> Result<Option<File>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(C::Id.eq(id.as_uuid()));
    rows.one().await?.map(read).transpose()
}

/// The file with this id, or the one that is shown small by this one.
pub(super) async fn shown_by(
    scope: &TenantScope,
    id: FileId,
) -> Result<Option<File>, StorageError> {
    let id = id.as_uuid();
    let rows = scope.find::<row::Entity>().filter(C::Id.eq(id).or(C::Thumbnail.eq(id)));
    rows.one().await?.map(read).transpose()
}

/// Files by id.
pub(super) async fn by_id(
    scope: &TenantScope,
    ids: impl IntoIterator<Item = FileId>,
) -> Result<HashMap<FileId, File>, StorageError> {
    let ids = ids.into_iter().map(FileId::as_uuid);
    let rows = scope.find::<row::Entity>().filter_in(C::Id, ids).all().await?;
    let one = |row| read(row).map(|file| (file.id, file));
    rows.into_iter().map(one).collect()
}

/// Says what the scan found, unless it was said already.
pub(super) async fn scanned(
    scope: &TenantScope,
    id: FileId,
    state: FileState,
) -> Result<(), StorageError> {
    let rows = scope.update::<row::Entity>().filter(C::Id.eq(id.as_uuid()));
    let rows = rows.filter(C::State.eq(stored::word(FileState::Pending)?));
    rows.set(C::State, stored::word(state)?).exec().await.map(drop)
}

/// Says which file shows this one small, unless one does already; whether it was said.
pub(super) async fn shown_small(
    scope: &TenantScope,
    id: FileId,
    (thumbnail, bytes): (FileId, i64),
) -> Result<bool, StorageError> {
    let rows = scope.update::<row::Entity>().filter(C::Id.eq(id.as_uuid()));
    let rows = rows.filter(C::Thumbnail.is_null()).set(C::Thumbnail, Some(thumbnail.as_uuid()));
    let said = rows.exec().await? == 1;
    if said {
        kept(scope, thumbnail, bytes).await?;
    }
    Ok(said)
}

/// Takes a file for an attachment; whether it was free: nothing has it, and it is still there.
pub(super) async fn take(scope: &TenantScope, id: FileId) -> Result<bool, StorageError> {
    let rows = scope.update::<row::Entity>().filter(C::Id.eq(id.as_uuid()));
    let rows = rows.filter(C::Attached.eq(false)).set(C::Attached, true);
    Ok(rows.exec().await? == 1)
}

/// How many files of somebody are attached to nothing.
pub(super) async fn left(scope: &TenantScope, by: UserId) -> Result<u64, StorageError> {
    let rows = scope.find::<row::Entity>().filter(C::MadeBy.eq(by.as_uuid()));
    rows.filter(C::Attached.eq(false)).count().await
}

/// Forgets a file that is attached to nothing, shown small by one of so many bytes; whether it was
/// so. The company keeps so much less.
pub(super) async fn forget(
    scope: &TenantScope,
    file: &File,
    small: Option<(FileId, usize)>,
) -> Result<bool, StorageError> {
    let rows = scope.delete::<row::Entity>().filter(C::Id.eq(file.id.as_uuid()));
    let forgotten = rows.filter(C::Attached.eq(false)).exec().await? == 1;
    if forgotten {
        kept(scope, file.id, -file.size).await?;
        if let Some((thumbnail, bytes)) = small {
            kept(scope, thumbnail, -i64::try_from(bytes).unwrap_or(0)).await?;
        }
    }
    Ok(forgotten)
}
