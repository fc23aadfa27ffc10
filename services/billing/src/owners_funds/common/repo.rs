//! Rows of common income and cost.

use super::domain::CommonItem;
use crate::ids::{CommonItemId, EntryId, FeeItemId, UserId};
use chrono::NaiveDate;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "common_items")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub direction: String,
        pub source: String,
        pub amount: i64,
        pub document: String,
        pub state: String,
        pub recorded_by: Uuid,
        pub recorded_at: DateTimeUtc,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<DateTimeUtc>,
        pub decision: Option<String>,
        pub entry_id: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

pub(super) async fn insert(scope: &TenantScope, item: &CommonItem) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        id: Set(item.id.as_uuid()),
        estate_id: Set(item.estate.as_uuid()),
        direction: Set(stored::word(item.direction)?),
        source: Set(item.source.clone()),
        amount: Set(item.amount.0),
        document: Set(item.document.clone()),
        state: Set(stored::word(item.state)?),
        recorded_by: Set(item.recorded.0.as_uuid()),
        recorded_at: Set(item.recorded.1),
        ..Default::default()
    };
    scope.insert(row).await
}

/// Writes what was decided of an item.
pub(super) async fn save(scope: &TenantScope, item: &CommonItem) -> Result<(), StorageError> {
    use row::Column as C;
    let done = scope
        .update::<row::Entity>()
        .set(C::State, stored::word(item.state)?)
        .set(C::DecidedBy, item.decided.map(|(user, _)| user.as_uuid()))
        .set(C::DecidedAt, item.decided.map(|(_, at)| at))
        .set(C::Decision, item.decision.clone())
        .set(C::EntryId, item.entry.map(EntryId::as_uuid))
        .filter(C::Id.eq(item.id.as_uuid()));
    done.exec().await.map(drop)
}

/// One item.
pub(crate) async fn find(
    scope: &TenantScope,
    id: CommonItemId,
) -> Result<Option<CommonItem>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(read).transpose()
}

/// A page of an estate's items, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<CommonItem>, StorageError> {
    use row::Column as C;
    let found = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(before, |last| C::Id.lt(last))
        .desc(C::Id)
        .limit(limit);
    found.all().await?.into_iter().map(read).collect()
}

fn read(row: row::Model) -> Result<CommonItem, StorageError> {
    let decided = row.decided_by.map(UserId::from_uuid).zip(row.decided_at);
    Ok(CommonItem {
        id: CommonItemId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        direction: stored::read_word(&row.direction)?,
        source: row.source,
        amount: Fen(row.amount),
        document: row.document,
        state: stored::read_word(&row.state)?,
        recorded: (UserId::from_uuid(row.recorded_by), row.recorded_at),
        decided,
        decision: row.decision,
        entry: row.entry_id.map(EntryId::from_uuid),
    })
}

#[derive(FromQueryResult)]
struct Balances {
    opening: i64,
    closing: i64,
}

/// What belonged to the owners before `from` and at the end of `to`.
pub(crate) async fn balances(
    scope: &TenantScope,
    estate: EstateId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<(Fen, Fen), StorageError> {
    let sql = "SELECT CAST(COALESCE(SUM(CASE WHEN day < $3 THEN -amount ELSE 0 END), 0) AS BIGINT) AS opening, \
               CAST(COALESCE(SUM(-amount), 0) AS BIGINT) AS closing FROM daily_totals \
               WHERE tenant_id = $1 AND estate_id = $2 AND code = '2242' AND day <= $4";
    let values = [estate.as_uuid().into(), from.into(), to.into()];
    let rows: Vec<Balances> = scope.rows(sql, values).await?;
    Ok(rows.first().map_or((Fen::ZERO, Fen::ZERO), |row| (Fen(row.opening), Fen(row.closing))))
}

/// What one source came to in a period.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub(crate) struct BySource {
    /// `INCOME` or `COST`.
    pub(crate) direction: String,
    /// Which source.
    pub(crate) source: String,
    /// How much; below zero where more was undone than earned.
    pub(crate) amount: i64,
}

/// The approved items of a period by their source.
pub(crate) async fn by_source(
    scope: &TenantScope,
    estate: EstateId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<BySource>, StorageError> {
    let sql = "SELECT i.direction, i.source, CAST(SUM(i.amount) AS BIGINT) AS amount \
               FROM common_items i JOIN ledger_entries e \
                 ON e.tenant_id = i.tenant_id AND e.id = i.entry_id \
               WHERE i.tenant_id = $1 AND i.estate_id = $2 AND e.day BETWEEN $3 AND $4 \
               GROUP BY i.direction, i.source ORDER BY i.direction, i.source";
    scope.rows(sql, [estate.as_uuid().into(), from.into(), to.into()]).await
}

#[derive(FromQueryResult)]
struct Charged {
    item_id: Uuid,
    amount: i64,
}

/// What was charged in a period for fee items whose income is the owners', less what was undone
/// in it.
pub(crate) async fn charged(
    scope: &TenantScope,
    estate: EstateId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<(FeeItemId, Fen)>, StorageError> {
    let sql = "SELECT item_id, CAST(SUM(amount) AS BIGINT) AS amount FROM \
               (SELECT c.item_id, CASE WHEN b.issued_on BETWEEN $3 AND $4 THEN c.amount ELSE 0 END \
                  - CASE WHEN b.voided_on BETWEEN $3 AND $4 THEN c.amount ELSE 0 END AS amount \
                FROM charges c JOIN bills b ON b.tenant_id = c.tenant_id AND b.id = c.bill_id \
                JOIN fee_items f ON f.tenant_id = c.tenant_id AND f.id = c.item_id \
                WHERE c.tenant_id = $1 AND b.estate_id = $2 AND f.kind = 'COMMON_PARKING' \
                AND f.partner_id IS NULL \
                AND (b.issued_on BETWEEN $3 AND $4 OR b.voided_on BETWEEN $3 AND $4)) x \
               GROUP BY item_id HAVING SUM(amount) <> 0 ORDER BY item_id";
    let values = [estate.as_uuid().into(), from.into(), to.into()];
    let rows: Vec<Charged> = scope.rows(sql, values).await?;
    Ok(rows.into_iter().map(|row| (FeeItemId::from_uuid(row.item_id), Fen(row.amount))).collect())
}
