//! Frozen months in the database.

use super::domain::Ticket;
use crate::month::Month;
use chrono::{DateTime, NaiveDate, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "desk_figures")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub estate_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub month: Date,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i32,
        pub reason: Option<String>,
        pub frozen_by: Option<Uuid>,
        pub frozen_at: DateTimeUtc,
        pub at: DateTimeUtc,
        pub tickets: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// A frozen month without its tickets.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Frozen {
    pub(super) month: NaiveDate,
    pub(super) version: i32,
    pub(super) reason: Option<String>,
    /// Missing where the clock froze it.
    pub(super) by_user: Option<uuid::Uuid>,
    pub(super) since: DateTime<Utc>,
}

/// Freezes a month.
pub(super) async fn insert(
    scope: &TenantScope,
    estate: EstateId,
    (frozen, at): (&Frozen, DateTime<Utc>),
    tickets: &[Ticket],
) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        estate_id: Set(estate.as_uuid()),
        month: Set(frozen.month),
        version: Set(frozen.version),
        reason: Set(frozen.reason.clone()),
        frozen_by: Set(frozen.by_user),
        frozen_at: Set(frozen.since),
        at: Set(at),
        tickets: Set(stored::json(tickets)?),
        ..Default::default()
    };
    scope.insert(row).await
}

/// The newest version of a frozen month; 0 when it is not frozen.
pub(super) async fn last(
    scope: &TenantScope,
    estate: EstateId,
    month: Month,
) -> Result<i32, StorageError> {
    Ok(versions(scope, estate, Some(month), (None, 1)).await?.first().map_or(0, |it| it.version))
}

/// The tickets of a version, and the instant at which they were open.
pub(super) async fn tickets(
    scope: &TenantScope,
    estate: EstateId,
    (month, version): (Month, i32),
) -> Result<Option<(Vec<Ticket>, DateTime<Utc>)>, StorageError> {
    use row::Column as C;
    let found = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(C::Month.eq(month.first()))
        .filter(C::Version.eq(version));
    let Some(row) = found.one().await? else { return Ok(None) };
    Ok(Some((stored::read_json(&row.tickets)?, row.at)))
}

/// Frozen months of an estate, newest first, or the versions of one.
pub(super) async fn versions(
    scope: &TenantScope,
    estate: EstateId,
    month: Option<Month>,
    (after, limit): (Option<(NaiveDate, i32)>, u64),
) -> Result<Vec<Frozen>, StorageError> {
    let (last, version) = after.unwrap_or((NaiveDate::MAX, i32::MAX));
    // The farthest day that both databases know.
    let last = last.min(NaiveDate::from_ymd_opt(9999, 1, 1).unwrap_or(last));
    let only = if month.is_some() { "AND month = $6" } else { "" };
    let sql = format!(
        "SELECT month, version, reason, frozen_by AS by_user, frozen_at AS since FROM desk_figures \
         WHERE tenant_id = $1 AND estate_id = $2 AND (month < $3 OR (month = $3 AND version < $4)) \
         {only} ORDER BY month DESC, version DESC LIMIT $5"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut values = vec![estate.as_uuid().into(), last.into(), version.into(), limit.into()];
    values.extend(month.map(|month| sea_orm::Value::from(month.first())));
    scope.rows(&sql, values).await
}
