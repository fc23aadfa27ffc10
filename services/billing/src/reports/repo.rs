//! Rows of frozen reports.

use super::domain::MonthFigures;
use crate::{charges::BillingMonth, ids::UserId};
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "month_reports")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub estate_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub month: Date,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i32,
        pub body: String,
        pub frozen_by: Uuid,
        pub frozen_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// A frozen report.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    /// Which time the month was closed.
    pub(crate) version: i32,
    /// What it says.
    pub(crate) figures: MonthFigures,
    /// Who closed the month.
    pub(crate) by: UserId,
    /// When.
    pub(crate) at: DateTime<Utc>,
}

/// Keeps a report for ever.
pub(super) async fn keep(
    scope: &TenantScope,
    estate: EstateId,
    version: i32,
    figures: &MonthFigures,
    by: UserId,
) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        estate_id: Set(estate.as_uuid()),
        month: Set(figures.month.first()),
        version: Set(version),
        body: Set(stored::json(figures)?),
        frozen_by: Set(by.as_uuid()),
        frozen_at: Set(scope.now()),
        ..Default::default()
    };
    scope.insert(row).await
}

/// A version of a month's frozen report.
pub(crate) async fn find(
    scope: &TenantScope,
    estate: EstateId,
    month: BillingMonth,
    version: i32,
) -> Result<Option<Snapshot>, StorageError> {
    use row::Column as C;
    let found = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(C::Month.eq(month.first()))
        .filter(C::Version.eq(version));
    let row = found.one().await?;
    row.map(|row| {
        Ok(Snapshot {
            version: row.version,
            figures: stored::read_json(&row.body)?,
            by: UserId::from_uuid(row.frozen_by),
            at: row.frozen_at,
        })
    })
    .transpose()
}

/// How many versions of a month's report there are.
pub(crate) async fn versions(
    scope: &TenantScope,
    estate: EstateId,
    month: BillingMonth,
) -> Result<u64, StorageError> {
    use row::Column as C;
    let found = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(C::Month.eq(month.first()));
    found.count().await
}
