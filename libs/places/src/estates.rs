//! Which estates there are: identity's facts, kept so that every write can check.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use contracts::identity::EstateChanged;
use db::{Migration, StorageError, StoredEvent, TenantScope, tenant_owned};
use events::{Event as _, EventHandler, HandlerError, Subscription};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::sync::Arc;

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

/// An estate, as far as others need it.
#[derive(Clone, Debug)]
pub struct Estate {
    /// The estate.
    pub id: EstateId,
    /// Its short code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its time zone.
    pub zone: Tz,
}

impl Estate {
    /// The date there at the scope's time.
    pub fn today(&self, scope: &TenantScope) -> NaiveDate {
        scope.clock().today(self.zone)
    }

    /// The date there at an instant.
    pub fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }
}

impl From<row::Model> for Estate {
    fn from(row: row::Model) -> Self {
        Self {
            id: EstateId::from_uuid(row.id),
            code: row.code,
            name: row.name,
            // An unknown zone name can only come from a newer version of identity.
            zone: row.time_zone.parse().unwrap_or(Tz::Asia__Shanghai),
        }
    }
}

/// The table of estates.
pub const fn migration() -> Migration {
    Migration {
        name: "20261123100000_estates",
        up: "CREATE TABLE estates (
            tenant_id UUID NOT NULL,
            id        UUID NOT NULL,
            code      TEXT NOT NULL,
            name      TEXT NOT NULL,
            time_zone TEXT NOT NULL,
            PRIMARY KEY (tenant_id, id)
        );",
        down: "DROP TABLE estates;",
        tenant_tables: &["estates"],
        append_only: &[],
        system_tables: &[],
    }
}

struct Keep;

#[async_trait::async_trait]
impl EventHandler for Keep {
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        Ok(keep(scope, events::read(event)?).await?)
    }
}

/// Follows identity's estates.
pub fn subscription() -> Subscription {
    Subscription { source: "identity", kind: EstateChanged::KIND, handler: Arc::new(Keep) }
}

/// Keeps what identity told.
async fn keep(scope: &TenantScope, event: EstateChanged) -> Result<(), StorageError> {
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
    Ok(found.one().await?.map(Estate::from))
}

/// Every estate of the company.
///
/// # Errors
/// When reading fails.
pub async fn all(scope: &TenantScope) -> Result<Vec<Estate>, StorageError> {
    let found = scope.find::<row::Entity>().asc(row::Column::Code).all().await?;
    Ok(found.into_iter().map(Estate::from).collect())
}

/// The date in an estate; in Shanghai while the estate is not known yet.
///
/// # Errors
/// When reading fails.
pub async fn today(scope: &TenantScope, estate: EstateId) -> Result<NaiveDate, StorageError> {
    let found = find(scope, estate).await?;
    Ok(found.map_or_else(|| scope.clock().today(Tz::Asia__Shanghai), |e| e.today(scope)))
}
