//! Files in the database.

use contracts::{FileId, residents::FileKept};
use db::{StorageError, TenantScope, tenant_owned};
use sea_orm::{ActiveValue::Set, ColumnTrait as _};

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
        pub made_by: String,
        pub made_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// A file's name and maker.
#[derive(Clone, Debug)]
pub struct File {
    /// What it was called.
    pub name: String,
    /// The account that uploaded or produced it.
    pub made_by: String,
}

/// Notes a file whose content is stored, and tells how large it is.
///
/// # Errors
/// When writing fails.
pub async fn keep(
    scope: &TenantScope,
    id: FileId,
    name: &str,
    size: usize,
    made_by: &str,
) -> Result<(), StorageError> {
    scope
        .insert(row::ActiveModel {
            id: Set(id.as_uuid()),
            name: Set(name.to_owned()),
            size: Set(i64::try_from(size).unwrap_or(i64::MAX)),
            made_by: Set(made_by.to_owned()),
            made_at: Set(scope.now()),
            ..Default::default()
        })
        .await?;
    let event = FileKept { file: id, bytes: i64::try_from(size).unwrap_or(i64::MAX) };
    events::publish(scope, &event).await.map(drop)
}

/// A file of the company.
///
/// # Errors
/// When reading fails.
pub async fn one(scope: &TenantScope, id: FileId) -> Result<Option<File>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid())).one().await?;
    Ok(found.map(|row| File { name: row.name, made_by: row.made_by }))
}
