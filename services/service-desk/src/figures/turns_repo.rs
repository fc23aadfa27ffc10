//! The month of each estate that is frozen next by itself.

use crate::month::Month;
use db::{StorageError, TenantScope, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "desk_figure_turns")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub estate_id: Uuid,
        pub month: Date,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// Begins with a month, unless the estate has begun already.
pub(super) async fn begin(
    scope: &TenantScope,
    estate: EstateId,
    month: Month,
) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        estate_id: Set(estate.as_uuid()),
        month: Set(month.first()),
        ..Default::default()
    };
    scope.insert_missing([row], [row::Column::TenantId, row::Column::EstateId]).await
}

/// The month whose turn it is, held until the transaction ends.
pub(super) async fn lock(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<Option<Month>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::EstateId.eq(estate.as_uuid()));
    Ok(found.lock().one().await?.map(|row| Month::of(row.month)))
}

/// It is another month's turn.
pub(super) async fn pass_to(
    scope: &TenantScope,
    estate: EstateId,
    month: Month,
) -> Result<(), StorageError> {
    let update = scope.update::<row::Entity>().filter(row::Column::EstateId.eq(estate.as_uuid()));
    update.set(row::Column::Month, month.first()).exec().await.map(drop)
}
