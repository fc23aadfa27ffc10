//! What the daily collection adds up, in the database.

use crate::{ids::ReceiptId, ledger::Till, payments::ReceiptKind};
use authz::UserId;
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, stored};
use ids::EstateId;
use money::Fen;
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// The most void marks a report names.
const MOST_VOIDS: i64 = 200;

/// What one method brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ByTill {
    pub till: Till,
    pub number: i64,
    pub amount: Fen,
}

/// The receipts of one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReceiptRange {
    pub kind: ReceiptKind,
    pub first: String,
    pub last: String,
    pub number: i64,
    pub voided: i64,
    /// Void ones not counted.
    pub amount: Fen,
}

/// A receipt that no longer counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct VoidMark {
    pub receipt: ReceiptId,
    pub number: String,
    pub amount: Fen,
    pub at: DateTime<Utc>,
    pub by: Option<UserId>,
    pub reason: String,
}

/// From an instant until before another.
type Range = (DateTime<Utc>, DateTime<Utc>);

#[derive(FromQueryResult)]
struct TillRow {
    till: String,
    number: i64,
    amount: i64,
}

/// What was received.
pub(super) async fn payments(
    scope: &TenantScope,
    estate: EstateId,
    range: Range,
) -> Result<Vec<ByTill>, StorageError> {
    let sql = "SELECT till, COUNT(*) AS number, CAST(SUM(amount) AS BIGINT) AS amount \
               FROM payments WHERE tenant_id = $1 AND estate_id = $2 AND received \
               AND (deposit_id IS NULL OR prepaid > 0) AND received_at >= $3 AND received_at < $4 GROUP BY till";
    by_till(scope, sql, estate, range).await
}

/// What went back.
pub(super) async fn refunds(
    scope: &TenantScope,
    estate: EstateId,
    range: Range,
) -> Result<Vec<ByTill>, StorageError> {
    let sql = "SELECT p.till, COUNT(*) AS number, CAST(SUM(r.amount) AS BIGINT) AS amount \
               FROM refunds r JOIN payments p ON p.tenant_id = r.tenant_id AND p.id = r.payment_id \
               WHERE r.tenant_id = $1 AND r.estate_id = $2 AND r.deposit_refund_id IS NULL \
               AND r.paid_back_at >= $3 AND r.paid_back_at < $4 GROUP BY p.till";
    by_till(scope, sql, estate, range).await
}

async fn by_till(
    scope: &TenantScope,
    sql: &str,
    estate: EstateId,
    (from, to): Range,
) -> Result<Vec<ByTill>, StorageError> {
    let values = [estate.as_uuid().into(), from.into(), to.into()];
    let rows: Vec<TillRow> = scope.rows(sql, values).await?;
    let read = |row: TillRow| {
        let till = stored::read_word(&row.till)?;
        Ok(ByTill { till, number: row.number, amount: Fen(row.amount) })
    };
    rows.into_iter().map(read).collect()
}

#[derive(FromQueryResult)]
struct RangeRow {
    kind: String,
    first: String,
    last: String,
    number: i64,
    voided: i64,
    amount: i64,
}

/// The receipts that were issued, by type.
pub(super) async fn receipts(
    scope: &TenantScope,
    estate: EstateId,
    (from, to): Range,
) -> Result<Vec<ReceiptRange>, StorageError> {
    let sql = "SELECT kind, MIN(number) AS first, MAX(number) AS last, COUNT(*) AS number, \
               COUNT(voided_at) AS voided, \
               CAST(SUM(CASE WHEN voided_at IS NULL THEN amount ELSE 0 END) AS BIGINT) AS amount \
               FROM receipts WHERE tenant_id = $1 AND estate_id = $2 \
               AND issued_at >= $3 AND issued_at < $4 GROUP BY kind ORDER BY kind";
    let values = [estate.as_uuid().into(), from.into(), to.into()];
    let rows: Vec<RangeRow> = scope.rows(sql, values).await?;
    let read = |row: RangeRow| {
        Ok(ReceiptRange {
            kind: stored::read_word(&row.kind)?,
            first: row.first,
            last: row.last,
            number: row.number,
            voided: row.voided,
            amount: Fen(row.amount),
        })
    };
    rows.into_iter().map(read).collect()
}

#[derive(FromQueryResult)]
struct VoidRow {
    id: Uuid,
    number: String,
    amount: i64,
    voided_at: DateTime<Utc>,
    voided_by: Option<Uuid>,
    void_reason: Option<String>,
}

/// The receipts that were issued then and are void now, and those that were voided then.
pub(super) async fn voids(
    scope: &TenantScope,
    estate: EstateId,
    (from, to): Range,
) -> Result<Vec<VoidMark>, StorageError> {
    let sql = "SELECT id, number, amount, voided_at, voided_by, void_reason FROM receipts \
               WHERE tenant_id = $1 AND estate_id = $2 AND voided_at IS NOT NULL \
               AND ((issued_at >= $3 AND issued_at < $4) OR (voided_at >= $3 AND voided_at < $4)) \
               ORDER BY number LIMIT $5";
    let values = [estate.as_uuid().into(), from.into(), to.into(), MOST_VOIDS.into()];
    let rows: Vec<VoidRow> = scope.rows(sql, values).await?;
    let mark = |row: VoidRow| VoidMark {
        receipt: ReceiptId::from_uuid(row.id),
        number: row.number,
        amount: Fen(row.amount),
        at: row.voided_at,
        by: row.voided_by.map(UserId::from_uuid),
        reason: row.void_reason.unwrap_or_default(),
    };
    Ok(rows.into_iter().map(mark).collect())
}

#[derive(FromQueryResult)]
struct Sum {
    amount: i64,
}

/// The cash of an estate that belongs to no shift yet.
pub(super) async fn outside_shifts(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<Fen, StorageError> {
    let sql = "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS amount FROM cash_movements \
               WHERE tenant_id = $1 AND estate_id = $2 AND shift_id IS NULL";
    let rows: Vec<Sum> = scope.rows(sql, [estate.as_uuid().into()]).await?;
    Ok(Fen(rows.first().map_or(0, |row| row.amount)))
}
