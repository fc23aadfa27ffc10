//! Rows of disclosures.

use super::domain::Body;
use crate::{
    charges::BillingMonth,
    ids::{DisclosureId, UserId},
};
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "disclosures")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub from_month: Date,
        pub to_month: Date,
        pub version: i32,
        pub note: String,
        pub body: String,
        pub published_by: Uuid,
        pub published_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// A published disclosure.
#[derive(Clone, Debug)]
pub(crate) struct Disclosure {
    /// Its id.
    pub(crate) id: DisclosureId,
    /// Of which estate.
    pub(crate) estate: EstateId,
    /// Which version for its months.
    pub(crate) version: i32,
    /// What readers should know, e.g. why there is a new version.
    pub(crate) note: String,
    /// What it says.
    pub(crate) body: Body,
    /// Who published it, and when.
    pub(crate) published: (UserId, DateTime<Utc>),
}

/// Keeps a disclosure for ever.
pub(super) async fn insert(scope: &TenantScope, new: &Disclosure) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        id: Set(new.id.as_uuid()),
        estate_id: Set(new.estate.as_uuid()),
        from_month: Set(new.body.from.first()),
        to_month: Set(new.body.to.first()),
        version: Set(new.version),
        note: Set(new.note.clone()),
        body: Set(stored::json(&new.body)?),
        published_by: Set(new.published.0.as_uuid()),
        published_at: Set(new.published.1),
        ..Default::default()
    };
    scope.insert(row).await
}

/// The newest version for some months.
pub(super) async fn latest(
    scope: &TenantScope,
    estate: EstateId,
    (from, to): (BillingMonth, BillingMonth),
) -> Result<i32, StorageError> {
    use row::Column as C;
    let found = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(C::FromMonth.eq(from.first()))
        .filter(C::ToMonth.eq(to.first()))
        .desc(C::Version)
        .limit(1);
    Ok(found.one().await?.map_or(0, |row| row.version))
}

/// One disclosure.
pub(crate) async fn find(
    scope: &TenantScope,
    id: DisclosureId,
) -> Result<Option<Disclosure>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(read).transpose()
}

/// A page of an estate's disclosures, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Disclosure>, StorageError> {
    use row::Column as C;
    let found = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(before, |last| C::Id.lt(last))
        .desc(C::Id)
        .limit(limit);
    found.all().await?.into_iter().map(read).collect()
}

fn read(row: row::Model) -> Result<Disclosure, StorageError> {
    Ok(Disclosure {
        id: DisclosureId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        version: row.version,
        note: row.note,
        body: stored::read_json(&row.body)?,
        published: (UserId::from_uuid(row.published_by), row.published_at),
    })
}
