//! Tags of units in the database.

use contracts::UnitId;
use db::{StorageError, TenantScope, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, ExprTrait as _};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "unit_tags")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub unit_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub tag: String,
        pub estate_id: Uuid,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// The tags of an estate's units.
pub(in crate::notices) async fn of_estate(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<HashMap<UnitId, BTreeSet<String>>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::EstateId.eq(estate.as_uuid()));
    let mut all: HashMap<UnitId, BTreeSet<String>> = HashMap::new();
    for row in rows.all().await? {
        all.entry(UnitId::from_uuid(row.unit_id)).or_default().insert(row.tag);
    }
    Ok(all)
}

/// Gives a unit exactly these tags.
pub(super) async fn set(
    scope: &TenantScope,
    (estate, unit): (EstateId, UnitId),
    tags: &[String],
) -> Result<(), StorageError> {
    let old = scope.delete::<row::Entity>().filter(row::Column::UnitId.eq(unit.as_uuid()));
    old.exec().await?;
    let rows = tags.iter().map(|tag| row::ActiveModel {
        unit_id: Set(unit.as_uuid()),
        tag: Set(tag.clone()),
        estate_id: Set(estate.as_uuid()),
        ..Default::default()
    });
    scope.insert_all(rows.collect::<Vec<_>>()).await
}

/// A page of tags in an estate, by unit and tag.
pub(super) async fn page(
    scope: &TenantScope,
    (estate, tag): (EstateId, Option<String>),
    after: Option<(Uuid, String)>,
    limit: u64,
) -> Result<Vec<(UnitId, String)>, StorageError> {
    use row::Column as C;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(tag, |tag| C::Tag.eq(tag))
        .filter_by(after, |(unit, tag)| {
            C::UnitId.gt(unit).or(C::UnitId.eq(unit).and(C::Tag.gt(tag)))
        })
        .asc(C::UnitId)
        .asc(C::Tag)
        .limit(limit);
    let found = rows.all().await?.into_iter();
    Ok(found.map(|row| (UnitId::from_uuid(row.unit_id), row.tag)).collect())
}
