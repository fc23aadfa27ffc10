//! The month of a kind of thing, held while something is noted of it and while it is drawn: so
//! nothing comes into a month that was drawn meanwhile.

use super::Source;
use crate::month::Month;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "revisit_months")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub estate_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub source: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub month: Date,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// Holds a month until the transaction ends.
pub(super) async fn hold(
    scope: &TenantScope,
    estate: EstateId,
    source: Source,
    month: Month,
) -> Result<(), StorageError> {
    use row::Column as C;
    let source = stored::word(source)?;
    let row = row::ActiveModel {
        estate_id: Set(estate.as_uuid()),
        source: Set(source.clone()),
        month: Set(month.first()),
        ..Default::default()
    };
    scope.insert_missing([row], [C::TenantId, C::EstateId, C::Source, C::Month]).await?;
    let rows = scope.find::<row::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    let rows = rows.filter(C::Source.eq(source)).filter(C::Month.eq(month.first()));
    rows.lock().one().await.map(drop)
}
