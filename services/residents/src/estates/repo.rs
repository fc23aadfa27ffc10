//! Estates in the database.

use crate::ResidentsError;
use chrono::NaiveDate;
use contracts::identity::EstateChanged;
use db::{StorageError, TenantScope, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "estates")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub code: String,
        pub name: String,
        pub time_zone: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// An estate, as far as residents needs it.
#[derive(Clone, Debug)]
pub struct Estate {
    /// The estate.
    pub id: EstateId,
    /// Its short code.
    pub code: String,
    /// Its name.
    pub name: String,
    zone: chrono_tz::Tz,
}

impl Estate {
    /// The date there at the scope's time.
    pub fn today(&self, scope: &TenantScope) -> NaiveDate {
        scope.clock().today(self.zone)
    }
}

/// Keeps what identity told.
///
/// # Errors
/// When the row cannot be written.
pub async fn keep(scope: &TenantScope, event: EstateChanged) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        id: Set(event.estate.as_uuid()),
        code: Set(event.code),
        name: Set(event.name),
        time_zone: Set(event.time_zone),
        ..Default::default()
    };
    let changed = [row::Column::Code, row::Column::Name, row::Column::TimeZone];
    scope.upsert([row], [row::Column::TenantId, row::Column::Id], changed).await
}

/// The estate, if the company has it.
///
/// # Errors
/// When reading fails.
pub async fn find(scope: &TenantScope, estate: EstateId) -> Result<Option<Estate>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(estate.as_uuid()));
    Ok(found.one().await?.map(|row| Estate {
        id: estate,
        code: row.code,
        name: row.name,
        // An unknown zone name can only come from a newer version of identity.
        zone: row.time_zone.parse().unwrap_or(chrono_tz::Asia::Shanghai),
    }))
}

/// The estate, which must be known.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn known(scope: &TenantScope, estate: EstateId) -> Result<Estate, ResidentsError> {
    find(scope, estate).await?.ok_or(ResidentsError::not_found())
}

/// The date in an estate; in Shanghai while the estate is not known yet.
///
/// # Errors
/// When reading fails.
pub async fn today(scope: &TenantScope, estate: EstateId) -> Result<NaiveDate, StorageError> {
    let found = find(scope, estate).await?;
    Ok(found.map_or_else(|| scope.clock().today(chrono_tz::Asia::Shanghai), |e| e.today(scope)))
}
