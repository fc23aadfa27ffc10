//! Rows of exports, and the entries they write.

use super::domain::BookExport;
use crate::{
    charges::BillingMonth,
    ids::{BookExportId, EntryId, UserId},
    ledger::books::repo as books,
};
use chrono::NaiveDate;
use contracts::FileId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use sheets::Language;
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "book_exports")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub kind: String,
        pub format: String,
        pub english: bool,
        pub from_month: Date,
        pub to_month: Date,
        pub state: String,
        pub total: i64,
        pub done: i64,
        pub file_id: Option<Uuid>,
        pub requested_by: Uuid,
        pub requested_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

pub(super) async fn insert(scope: &TenantScope, new: &BookExport) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        id: Set(new.id.as_uuid()),
        estate_id: Set(new.estate.as_uuid()),
        kind: Set(stored::word(new.kind)?),
        format: Set(stored::word(new.format)?),
        english: Set(new.language == Language::En),
        from_month: Set(new.from.first()),
        to_month: Set(new.to.first()),
        state: Set(stored::word(new.state)?),
        total: Set(new.total),
        done: Set(new.done),
        file_id: Set(None),
        requested_by: Set(new.requested.0.as_uuid()),
        requested_at: Set(new.requested.1),
        ..Default::default()
    };
    scope.insert(row).await
}

/// Writes how far an export is.
pub(super) async fn save(scope: &TenantScope, export: &BookExport) -> Result<(), StorageError> {
    use row::Column as C;
    let done = scope
        .update::<row::Entity>()
        .set(C::State, stored::word(export.state)?)
        .set(C::Total, export.total)
        .set(C::Done, export.done)
        .set(C::FileId, export.file.map(FileId::as_uuid))
        .filter(C::Id.eq(export.id.as_uuid()));
    done.exec().await.map(drop)
}

/// One export.
pub(super) async fn find(
    scope: &TenantScope,
    id: BookExportId,
) -> Result<Option<BookExport>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(read).transpose()
}

/// A page of an estate's exports, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<BookExport>, StorageError> {
    use row::Column as C;
    let found = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(before, |last| C::Id.lt(last))
        .desc(C::Id)
        .limit(limit);
    found.all().await?.into_iter().map(read).collect()
}

fn read(row: row::Model) -> Result<BookExport, StorageError> {
    let month = |day: NaiveDate| {
        BillingMonth::of(day).map_err(|_| StorageError::unreadable(format!("month {day}")))
    };
    Ok(BookExport {
        id: BookExportId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        kind: stored::read_word(&row.kind)?,
        format: stored::read_word(&row.format)?,
        language: if row.english { Language::En } else { Language::Zh },
        from: month(row.from_month)?,
        to: month(row.to_month)?,
        state: stored::read_word(&row.state)?,
        total: row.total,
        done: row.done,
        file: row.file_id.map(FileId::from_uuid),
        requested: (UserId::from_uuid(row.requested_by), row.requested_at),
    })
}

#[derive(FromQueryResult)]
struct Count {
    n: i64,
}

/// How many entries there are in a period.
pub(super) async fn count(
    scope: &TenantScope,
    estate: EstateId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<i64, StorageError> {
    let sql = "SELECT COUNT(*) AS n FROM ledger_entries WHERE tenant_id = $1 AND estate_id = $2 \
               AND day BETWEEN $3 AND $4";
    let values = [estate.as_uuid().into(), from.into(), to.into()];
    let rows: Vec<Count> = scope.rows(sql, values).await?;
    Ok(rows.first().map_or(0, |row| row.n))
}

/// An entry of an export.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Entry {
    pub(super) id: Uuid,
    pub(super) day: NaiveDate,
    pub(super) kind: String,
    pub(super) source: String,
    pub(super) memo: String,
}

/// The next entries of a period in order of their days, with their lines.
pub(super) async fn entries(
    scope: &TenantScope,
    estate: EstateId,
    to: NaiveDate,
    after: (NaiveDate, Uuid),
    limit: i64,
) -> Result<(Vec<Entry>, Vec<books::JournalLine>), StorageError> {
    let sql = "SELECT id, day, kind, source, memo FROM ledger_entries WHERE tenant_id = $1 \
               AND estate_id = $2 AND day <= $3 AND day >= $4 AND (day > $4 OR id > $5) \
               ORDER BY day, id LIMIT $6";
    let values = [estate.as_uuid().into(), to.into(), after.0.into(), after.1.into(), limit.into()];
    let entries: Vec<Entry> = scope.rows(sql, values).await?;
    let ids: Vec<EntryId> = entries.iter().map(|entry| EntryId::from_uuid(entry.id)).collect();
    let lines = books::lines(scope, &ids).await?;
    Ok((entries, lines))
}
