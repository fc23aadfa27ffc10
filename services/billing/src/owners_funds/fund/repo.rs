//! Rows of the maintenance fund.

use super::domain::{Application, FundBalance, FundRecord, Votes};
use crate::ids::{FundApplicationId, FundRecordId, UserId};
use chrono::NaiveDate;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use money::{Area, Fen};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use uuid::Uuid;

mod application {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fund_applications")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub purpose: String,
        pub amount: i64,
        pub voted_on: Date,
        pub document: String,
        pub total_area: i64,
        pub total_heads: i64,
        pub joined_area: i64,
        pub joined_heads: i64,
        pub agreed_area: i64,
        pub agreed_heads: i64,
        pub recorded_by: Uuid,
        pub recorded_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod record {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fund_records")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub kind: String,
        pub day: Date,
        pub amount: i64,
        pub document: String,
        pub memo: String,
        pub application_id: Option<Uuid>,
        pub recorded_by: Uuid,
        pub recorded_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(application, record);

pub(super) async fn insert_application(
    scope: &TenantScope,
    new: &Application,
) -> Result<(), StorageError> {
    let row = application::ActiveModel {
        id: Set(new.id.as_uuid()),
        estate_id: Set(new.estate.as_uuid()),
        purpose: Set(new.purpose.clone()),
        amount: Set(new.amount.0),
        voted_on: Set(new.voted_on),
        document: Set(new.document.clone()),
        total_area: Set(new.votes.total_area.0),
        total_heads: Set(new.votes.total_heads),
        joined_area: Set(new.votes.joined_area.0),
        joined_heads: Set(new.votes.joined_heads),
        agreed_area: Set(new.votes.agreed_area.0),
        agreed_heads: Set(new.votes.agreed_heads),
        recorded_by: Set(new.recorded.0.as_uuid()),
        recorded_at: Set(new.recorded.1),
        ..Default::default()
    };
    scope.insert(row).await
}

pub(super) async fn insert_record(
    scope: &TenantScope,
    new: &FundRecord,
) -> Result<(), StorageError> {
    let row = record::ActiveModel {
        id: Set(new.id.as_uuid()),
        estate_id: Set(new.estate.as_uuid()),
        kind: Set(stored::word(new.kind)?),
        day: Set(new.day),
        amount: Set(new.amount.0),
        document: Set(new.document.clone()),
        memo: Set(new.memo.clone()),
        application_id: Set(new.application.map(FundApplicationId::as_uuid)),
        recorded_by: Set(new.recorded.0.as_uuid()),
        recorded_at: Set(new.recorded.1),
        ..Default::default()
    };
    scope.insert(row).await
}

/// One application.
pub(crate) async fn application(
    scope: &TenantScope,
    id: FundApplicationId,
) -> Result<Option<Application>, StorageError> {
    let found =
        scope.find::<application::Entity>().filter(application::Column::Id.eq(id.as_uuid()));
    Ok(found.one().await?.map(read_application))
}

/// One record.
pub(super) async fn one(
    scope: &TenantScope,
    id: FundRecordId,
) -> Result<Option<FundRecord>, StorageError> {
    let found = scope.find::<record::Entity>().filter(record::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(read_record).transpose()
}

/// A page of an estate's applications, newest first.
pub(super) async fn applications(
    scope: &TenantScope,
    estate: EstateId,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Application>, StorageError> {
    use application::Column as C;
    let found = scope
        .find::<application::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(before, |last| C::Id.lt(last))
        .desc(C::Id)
        .limit(limit);
    Ok(found.all().await?.into_iter().map(read_application).collect())
}

/// A page of an estate's records, newest first.
pub(super) async fn records(
    scope: &TenantScope,
    estate: EstateId,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<FundRecord>, StorageError> {
    use record::Column as C;
    let found = scope
        .find::<record::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(before, |last| C::Id.lt(last))
        .desc(C::Id)
        .limit(limit);
    found.all().await?.into_iter().map(read_record).collect()
}

#[derive(FromQueryResult)]
struct Sums {
    first_deposit: i64,
    balance: i64,
}

/// What the records up to a day come to.
pub(crate) async fn balance(
    scope: &TenantScope,
    estate: EstateId,
    on: NaiveDate,
) -> Result<FundBalance, StorageError> {
    let sql = "SELECT CAST(COALESCE(SUM(CASE WHEN kind = 'FIRST_DEPOSIT' THEN amount ELSE 0 END), 0) AS BIGINT) \
                 AS first_deposit, \
               CAST(COALESCE(SUM(CASE WHEN kind = 'USE' THEN -amount ELSE amount END), 0) AS BIGINT) AS balance \
               FROM fund_records WHERE tenant_id = $1 AND estate_id = $2 AND day <= $3";
    let rows: Vec<Sums> = scope.rows(sql, [estate.as_uuid().into(), on.into()]).await?;
    Ok(rows.first().map_or_else(FundBalance::default, |row| FundBalance {
        first_deposit: Fen(row.first_deposit),
        balance: Fen(row.balance),
    }))
}

#[derive(FromQueryResult)]
struct Sum {
    amount: i64,
}

/// What was used of an application.
pub(crate) async fn used(
    scope: &TenantScope,
    application: FundApplicationId,
) -> Result<Fen, StorageError> {
    let sql = "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS amount FROM fund_records \
               WHERE tenant_id = $1 AND application_id = $2";
    let rows: Vec<Sum> = scope.rows(sql, [application.as_uuid().into()]).await?;
    Ok(rows.first().map_or(Fen::ZERO, |row| Fen(row.amount)))
}

/// What one kind of record came to in a period, uses by their purpose.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Moved {
    pub(crate) kind: String,
    pub(crate) purpose: Option<String>,
    pub(crate) amount: i64,
}

/// What happened to the fund in a period.
pub(crate) async fn moves(
    scope: &TenantScope,
    estate: EstateId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Moved>, StorageError> {
    let sql = "SELECT r.kind, a.purpose, \
               CAST(SUM(CASE WHEN r.kind = 'USE' THEN -r.amount ELSE r.amount END) AS BIGINT) AS amount \
               FROM fund_records r LEFT JOIN fund_applications a \
                 ON a.tenant_id = r.tenant_id AND a.id = r.application_id \
               WHERE r.tenant_id = $1 AND r.estate_id = $2 AND r.day BETWEEN $3 AND $4 \
               GROUP BY r.kind, a.purpose ORDER BY r.kind, a.purpose";
    scope.rows(sql, [estate.as_uuid().into(), from.into(), to.into()]).await
}

fn read_application(row: application::Model) -> Application {
    Application {
        id: FundApplicationId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        purpose: row.purpose,
        amount: Fen(row.amount),
        voted_on: row.voted_on,
        document: row.document,
        votes: Votes {
            total_area: Area(row.total_area),
            total_heads: row.total_heads,
            joined_area: Area(row.joined_area),
            joined_heads: row.joined_heads,
            agreed_area: Area(row.agreed_area),
            agreed_heads: row.agreed_heads,
        },
        recorded: (UserId::from_uuid(row.recorded_by), row.recorded_at),
    }
}

fn read_record(row: record::Model) -> Result<FundRecord, StorageError> {
    Ok(FundRecord {
        id: FundRecordId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        kind: stored::read_word(&row.kind)?,
        day: row.day,
        amount: Fen(row.amount),
        document: row.document,
        memo: row.memo,
        application: row.application_id.map(FundApplicationId::from_uuid),
        recorded: (UserId::from_uuid(row.recorded_by), row.recorded_at),
    })
}
