//! Quiet hours in the database.

use crate::messages::{domain::QuietHours, first};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "message_quiet_hours")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub estate_id: Uuid,
        pub from_time: String,
        pub until_time: String,
        pub version: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// The quiet hours of an estate and their version; 0 while they are the usual ones.
///
/// # Errors
/// When reading fails.
pub(crate) async fn of_estate(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<(QuietHours, i32), StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::EstateId.eq(estate.as_uuid()));
    let Some(row) = found.one().await? else { return Ok((QuietHours::default(), 0)) };
    let hours = QuietHours {
        from: stored::read_word(&row.from_time)?,
        until: stored::read_word(&row.until_time)?,
    };
    Ok((hours, row.version))
}

/// Writes quiet hours over version `expected`; whether that was the version.
pub(super) async fn save(
    scope: &TenantScope,
    estate: EstateId,
    hours: QuietHours,
    expected: i32,
) -> Result<bool, StorageError> {
    use row::Column as C;
    let (from, until) = (stored::word(hours.from)?, stored::word(hours.until)?);
    if expected == 0 {
        if of_estate(scope, estate).await?.1 != 0 {
            return Ok(false);
        }
        let row = row::ActiveModel {
            estate_id: Set(estate.as_uuid()),
            from_time: Set(from),
            until_time: Set(until),
            version: Set(1),
            ..Default::default()
        };
        return first(scope.insert(row).await);
    }
    let rows = scope.update::<row::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    let rows = rows.filter(C::Version.eq(expected)).set(C::FromTime, from);
    Ok(rows.set(C::UntilTime, until).set(C::Version, expected + 1).exec().await? > 0)
}
