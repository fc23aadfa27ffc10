//! Units in arrears in the database.

use contracts::{UnitId, billing::ArrearsChanged};
use db::{StorageError, TenantScope, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::collections::HashSet;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "unit_arrears")]
    #[expect(clippy::struct_field_names, reason = "a row of keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub unit_id: Uuid,
        pub estate_id: Uuid,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// Keeps what billing told last of each unit.
pub(super) async fn keep(scope: &TenantScope, fact: ArrearsChanged) -> Result<(), StorageError> {
    let (behind, free): (Vec<_>, Vec<_>) = fact.units.into_iter().partition(|unit| unit.behind);
    let free = free.iter().map(|it| it.unit.as_uuid());
    scope.delete::<row::Entity>().filter_in(row::Column::UnitId, free).exec().await?;
    let rows = behind.into_iter().map(|it| row::ActiveModel {
        unit_id: Set(it.unit.as_uuid()),
        estate_id: Set(fact.estate.as_uuid()),
        ..Default::default()
    });
    let key = [row::Column::TenantId, row::Column::UnitId];
    scope.insert_missing(rows.collect::<Vec<_>>(), key).await
}

/// The units of an estate that are in arrears.
pub(in crate::notices) async fn of_estate(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<HashSet<UnitId>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::EstateId.eq(estate.as_uuid()));
    Ok(rows.all().await?.into_iter().map(|row| UnitId::from_uuid(row.unit_id)).collect())
}
