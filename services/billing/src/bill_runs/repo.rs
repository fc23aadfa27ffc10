//! Rows of bill runs.

use super::plan::Cursor;
use crate::{
    charges::BillingMonth,
    ids::{BillRunId, UserId},
};
use chrono::{DateTime, NaiveDate, Utc};
use db::{StorageError, TenantScope, tenant_owned};
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bill_runs")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub start_month: Date,
        pub issued_on: Date,
        pub state: String,
        pub holders: bool,
        pub after_id: Option<Uuid>,
        pub total: i64,
        pub done: i64,
        pub bills: i64,
        pub lines: i64,
        pub doubts: i64,
        pub amount: i64,
        pub failure: Option<String>,
        pub started_by: Uuid,
        pub started_at: DateTimeUtc,
        pub finished_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// How far a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RunState {
    /// Waits for a worker.
    Queued,
    /// Being done.
    Running,
    /// Everything is issued.
    Done,
    /// It cannot be done; the run says why.
    Failed,
}

/// One run over an estate.
#[derive(Clone, Debug)]
pub struct BillRun {
    /// Its id.
    pub id: BillRunId,
    /// The estate.
    pub estate: EstateId,
    /// The first month of the cycles it issues.
    pub start: BillingMonth,
    /// The day of issue of its bills.
    pub issued_on: NaiveDate,
    /// How far it has come.
    pub state: RunState,
    /// Where it goes on.
    pub(super) cursor: Cursor,
    /// Over how many units and holders of spaces it goes.
    pub total: i64,
    /// How many of them are done.
    pub done: i64,
    /// How many bills it issued.
    pub bills: i64,
    /// With how many lines.
    pub lines: i64,
    /// How many doubts it met.
    pub doubts: i64,
    /// Over how much.
    pub amount: Fen,
    /// Why it failed.
    pub failure: Option<String>,
    /// Who started it.
    pub started_by: UserId,
    /// When.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

pub(super) async fn insert(scope: &TenantScope, run: &BillRun) -> Result<(), StorageError> {
    scope
        .insert(row::ActiveModel {
            id: Set(run.id.as_uuid()),
            estate_id: Set(run.estate.as_uuid()),
            start_month: Set(run.start.first()),
            issued_on: Set(run.issued_on),
            state: Set(db::stored::word(run.state)?),
            holders: Set(run.cursor.holders),
            after_id: Set(run.cursor.after),
            total: Set(run.total),
            done: Set(run.done),
            bills: Set(run.bills),
            lines: Set(run.lines),
            doubts: Set(run.doubts),
            amount: Set(run.amount.0),
            failure: Set(run.failure.clone()),
            started_by: Set(run.started_by.as_uuid()),
            started_at: Set(run.started_at),
            finished_at: Set(run.finished_at),
            ..Default::default()
        })
        .await
}

pub(crate) async fn find(
    scope: &TenantScope,
    id: BillRunId,
) -> Result<Option<BillRun>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(read).transpose()
}

pub(super) async fn lock(
    scope: &TenantScope,
    id: BillRunId,
) -> Result<Option<BillRun>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    found.lock().one().await?.map(read).transpose()
}

/// The run of an estate for a month that has not ended yet.
pub(super) async fn open_run(
    scope: &TenantScope,
    estate: EstateId,
    start: BillingMonth,
) -> Result<Option<BillRun>, StorageError> {
    use row::Column as C;
    let found = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(C::StartMonth.eq(start.first()))
        .filter_in(C::State, ["QUEUED", "RUNNING"]);
    found.one().await?.map(read).transpose()
}

/// A page of an estate's runs, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<BillRun>, StorageError> {
    let found = scope
        .find::<row::Entity>()
        .filter(row::Column::EstateId.eq(estate.as_uuid()))
        .filter_by(before, |before| row::Column::Id.lt(before));
    found.desc(row::Column::Id).limit(limit).all().await?.into_iter().map(read).collect()
}

/// Stores how far a run has come.
pub(super) async fn save(scope: &TenantScope, run: &BillRun) -> Result<(), StorageError> {
    use row::Column as C;
    let update = scope
        .update::<row::Entity>()
        .filter(C::Id.eq(run.id.as_uuid()))
        .set(C::State, db::stored::word(run.state)?)
        .set(C::Holders, run.cursor.holders)
        .set(C::AfterId, run.cursor.after)
        .set(C::Done, run.done)
        .set(C::Bills, run.bills)
        .set(C::Lines, run.lines)
        .set(C::Doubts, run.doubts)
        .set(C::Amount, run.amount.0)
        .set(C::Failure, run.failure.clone())
        .set(C::FinishedAt, run.finished_at);
    update.exec().await.map(drop)
}

fn read(row: row::Model) -> Result<BillRun, StorageError> {
    let start = BillingMonth::of(row.start_month);
    Ok(BillRun {
        id: BillRunId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        start: start.map_err(|error| StorageError::unreadable(error.to_string()))?,
        issued_on: row.issued_on,
        state: db::stored::read_word(&row.state)?,
        cursor: Cursor { holders: row.holders, after: row.after_id },
        total: row.total,
        done: row.done,
        bills: row.bills,
        lines: row.lines,
        doubts: row.doubts,
        amount: Fen(row.amount),
        failure: row.failure,
        started_by: UserId::from_uuid(row.started_by),
        started_at: row.started_at,
        finished_at: row.finished_at,
    })
}
