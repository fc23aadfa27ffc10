//! Rows of batches and what they have prepared.

use crate::{
    documents::print::PaymentNotice,
    ids::{BillId, BillRunId, BuildingId, NoticeBatchId, UserId},
};
use chrono::{DateTime, Utc};
use contracts::FileId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use texts::Language;
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "notice_batches")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub run_id: Option<Uuid>,
        pub building_id: Option<Uuid>,
        pub unpaid: bool,
        pub language: String,
        pub state: String,
        pub after_id: Option<Uuid>,
        pub total: i64,
        pub done: i64,
        pub pages: Option<i64>,
        pub file_id: Option<Uuid>,
        pub started_by: Uuid,
        pub started_at: DateTimeUtc,
        pub finished_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod item {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "notice_batch_items")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub batch_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub place: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub bill_id: Uuid,
        pub notice: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row, item);

/// How far a batch has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum BatchState {
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

impl BatchState {
    /// Whether nothing more happens to it.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// Which bills' notices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Filter {
    /// Only those that this run issued.
    pub run: Option<BillRunId>,
    /// Only those of units in this building.
    pub building: Option<BuildingId>,
    /// Only those of which something is owed.
    pub unpaid: bool,
}

/// One batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Batch {
    pub id: NoticeBatchId,
    pub estate: EstateId,
    pub filter: Filter,
    pub language: Language,
    pub state: BatchState,
    /// The last bill that is prepared.
    pub after: Option<Uuid>,
    pub total: i64,
    pub done: i64,
    pub pages: Option<i64>,
    pub file: Option<FileId>,
    pub started_by: UserId,
    pub started_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

const fn tongue(language: Language) -> &'static str {
    match language {
        Language::Zh => "ZH",
        Language::En => "EN",
    }
}

pub(super) async fn insert(scope: &TenantScope, batch: &Batch) -> Result<(), StorageError> {
    scope
        .insert(row::ActiveModel {
            id: Set(batch.id.as_uuid()),
            estate_id: Set(batch.estate.as_uuid()),
            run_id: Set(batch.filter.run.map(BillRunId::as_uuid)),
            building_id: Set(batch.filter.building.map(BuildingId::as_uuid)),
            unpaid: Set(batch.filter.unpaid),
            language: Set(tongue(batch.language).to_owned()),
            state: Set(stored::word(batch.state)?),
            after_id: Set(batch.after),
            total: Set(batch.total),
            done: Set(batch.done),
            pages: Set(batch.pages),
            file_id: Set(batch.file.map(FileId::as_uuid)),
            started_by: Set(batch.started_by.as_uuid()),
            started_at: Set(batch.started_at),
            finished_at: Set(batch.finished_at),
            ..Default::default()
        })
        .await
}

/// Writes what may change of a batch that was locked.
pub(super) async fn save(scope: &TenantScope, batch: &Batch) -> Result<(), StorageError> {
    use row::Column as C;
    let update = scope
        .update::<row::Entity>()
        .set(C::State, stored::word(batch.state)?)
        .set(C::AfterId, batch.after)
        .set(C::Done, batch.done)
        .set(C::Pages, batch.pages)
        .set(C::FileId, batch.file.map(FileId::as_uuid))
        .set(C::FinishedAt, batch.finished_at)
        .filter(C::Id.eq(batch.id.as_uuid()));
    update.exec().await.map(drop)
}

pub(crate) async fn find(
    scope: &TenantScope,
    id: NoticeBatchId,
) -> Result<Option<Batch>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(read).transpose()
}

pub(super) async fn lock(
    scope: &TenantScope,
    id: NoticeBatchId,
) -> Result<Option<Batch>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    found.lock().one().await?.map(read).transpose()
}

/// A page of an estate's batches, newest first.
pub(crate) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Batch>, StorageError> {
    let found = scope
        .find::<row::Entity>()
        .filter(row::Column::EstateId.eq(estate.as_uuid()))
        .filter_by(before, |before| row::Column::Id.lt(before));
    found.desc(row::Column::Id).limit(limit).all().await?.into_iter().map(read).collect()
}

#[derive(FromQueryResult)]
struct Number {
    number: i64,
}

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

/// The condition of a filter on `bills`, whose values come behind estate and cursor.
fn condition(filter: &Filter, values: &mut Vec<sea_orm::Value>) -> String {
    let mut text =
        String::from("tenant_id = $1 AND estate_id = $2 AND id > $3 AND voided_on IS NULL");
    let named = [
        ("run_id", filter.run.map(BillRunId::as_uuid)),
        ("building_id", filter.building.map(BuildingId::as_uuid)),
    ];
    for (column, value) in named {
        if let Some(value) = value {
            values.push(value.into());
            let place = values.len() + 1;
            text = format!("{text} AND {column} = ${place}");
        }
    }
    if filter.unpaid {
        text.push_str(" AND settled < total");
    }
    text
}

/// How many bills match.
pub(super) async fn matching(
    scope: &TenantScope,
    estate: EstateId,
    filter: &Filter,
) -> Result<i64, StorageError> {
    let mut values = vec![estate.as_uuid().into(), Uuid::nil().into()];
    let condition = condition(filter, &mut values);
    let sql = format!("SELECT COUNT(*) AS number FROM bills WHERE {condition}");
    let rows: Vec<Number> = scope.rows(&sql, values).await?;
    Ok(rows.first().map_or(0, |row| row.number))
}

/// The next bills that match.
pub(super) async fn bills(
    scope: &TenantScope,
    batch: &Batch,
    limit: i64,
) -> Result<Vec<BillId>, StorageError> {
    let after = batch.after.unwrap_or(Uuid::nil());
    let mut values = vec![batch.estate.as_uuid().into(), after.into()];
    let condition = condition(&batch.filter, &mut values);
    values.push(limit.into());
    let sql =
        format!("SELECT id FROM bills WHERE {condition} ORDER BY id LIMIT ${}", values.len() + 1);
    let rows: Vec<Id> = scope.rows(&sql, values).await?;
    Ok(rows.into_iter().map(|row| BillId::from_uuid(row.id)).collect())
}

/// Keeps what is prepared.
pub(super) async fn keep(
    scope: &TenantScope,
    batch: NoticeBatchId,
    notices: &[(String, BillId, PaymentNotice)],
) -> Result<(), StorageError> {
    let row = |(place, bill, notice): &(String, BillId, PaymentNotice)| {
        Ok::<_, StorageError>(item::ActiveModel {
            batch_id: Set(batch.as_uuid()),
            place: Set(place.clone()),
            bill_id: Set(bill.as_uuid()),
            notice: Set(stored::json(notice)?),
            ..Default::default()
        })
    };
    let rows: Vec<_> = notices.iter().map(row).collect::<Result<_, _>>()?;
    scope.insert_all(rows).await
}

/// The next prepared notices in the order of delivery, with where the following ones begin.
pub(super) async fn prepared(
    scope: &TenantScope,
    batch: NoticeBatchId,
    after: &(String, Uuid),
    limit: u64,
) -> Result<Vec<((String, Uuid), PaymentNotice)>, StorageError> {
    use item::Column as C;
    let later = C::Place.gt(after.0.as_str());
    let same =
        sea_orm::sea_query::ExprTrait::and(C::Place.eq(after.0.as_str()), C::BillId.gt(after.1));
    let rows = scope
        .find::<item::Entity>()
        .filter(C::BatchId.eq(batch.as_uuid()))
        .filter(sea_orm::sea_query::ExprTrait::or(later, same))
        .asc(C::Place)
        .asc(C::BillId)
        .limit(limit)
        .all()
        .await?;
    let read = |row: item::Model| Ok(((row.place, row.bill_id), stored::read_json(&row.notice)?));
    rows.into_iter().map(read).collect()
}

/// Forgets what was prepared.
pub(super) async fn forget(scope: &TenantScope, batch: NoticeBatchId) -> Result<(), StorageError> {
    let items = scope.delete::<item::Entity>().filter(item::Column::BatchId.eq(batch.as_uuid()));
    items.exec().await.map(drop)
}

fn read(row: row::Model) -> Result<Batch, StorageError> {
    Ok(Batch {
        id: NoticeBatchId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        filter: Filter {
            run: row.run_id.map(BillRunId::from_uuid),
            building: row.building_id.map(BuildingId::from_uuid),
            unpaid: row.unpaid,
        },
        language: if row.language == "EN" { Language::En } else { Language::Zh },
        state: stored::read_word(&row.state)?,
        after: row.after_id,
        total: row.total,
        done: row.done,
        pages: row.pages,
        file: row.file_id.map(FileId::from_uuid),
        started_by: UserId::from_uuid(row.started_by),
        started_at: row.started_at,
        finished_at: row.finished_at,
    })
}
