//! Rows of ladders.

use super::Ladder;
use crate::ids::DunningLadderId;
use authz::UserId;
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "dunning_ladders")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub version: i32,
        pub ladder: String,
        pub made_by: Uuid,
        pub created_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// A ladder with its version; 0 is the product's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Versioned {
    /// The version.
    pub version: i32,
    /// The ladder.
    pub ladder: Ladder,
    /// Who set it; nobody set the product's.
    pub made_by: Option<UserId>,
    /// When.
    pub made_at: Option<DateTime<Utc>>,
}

impl Versioned {
    fn product() -> Self {
        Self { version: 0, ladder: Ladder::product(), made_by: None, made_at: None }
    }
}

/// The newest ladder of an estate: new cases follow it.
pub(crate) async fn in_force(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<Versioned, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::EstateId.eq(estate.as_uuid()));
    let newest = rows.desc(row::Column::Version).one().await?;
    newest.map_or_else(|| Ok(Versioned::product()), read)
}

/// The ladder that a case follows.
pub(crate) async fn version(
    scope: &TenantScope,
    estate: EstateId,
    version: i32,
) -> Result<Versioned, StorageError> {
    let rows = scope
        .find::<row::Entity>()
        .filter(row::Column::EstateId.eq(estate.as_uuid()))
        .filter(row::Column::Version.eq(version));
    rows.one().await?.map_or_else(|| Ok(Versioned::product()), read)
}

/// Adds a version.
pub(super) async fn insert(
    scope: &TenantScope,
    estate: EstateId,
    version: i32,
    ladder: &Ladder,
    by: UserId,
) -> Result<DunningLadderId, StorageError> {
    let id = DunningLadderId::from_uuid(scope.new_id());
    let row = row::ActiveModel {
        id: Set(id.as_uuid()),
        estate_id: Set(estate.as_uuid()),
        version: Set(version),
        ladder: Set(stored::json(ladder)?),
        made_by: Set(by.as_uuid()),
        created_at: Set(scope.now()),
        ..Default::default()
    };
    scope.insert(row).await?;
    Ok(id)
}

fn read(row: row::Model) -> Result<Versioned, StorageError> {
    Ok(Versioned {
        version: row.version,
        ladder: stored::read_json(&row.ladder)?,
        made_by: Some(UserId::from_uuid(row.made_by)),
        made_at: Some(row.created_at),
    })
}
