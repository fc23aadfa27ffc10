//! What the books say about the bank, in the database.

use super::domain::Agreement;
use chrono::NaiveDate;
use db::{StorageError, TenantScope};
use ids::EstateId;
use money::Fen;
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// What stands in the books of the bank and on no statement, under one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BookItem {
    pub source: String,
    pub day: NaiveDate,
    pub kind: String,
    pub memo: String,
    /// What is left of it; above zero the bank should have received it.
    pub open: Fen,
}

#[derive(FromQueryResult)]
struct Row {
    source: String,
    day: NaiveDate,
    kind: String,
    memo: String,
    open: i64,
}

/// Every source of the bank's account (but the balances that accounts began with) with what no
/// line of a statement explains, up to a day.
const OPEN: &str = "SELECT b.source, b.day, b.kind, b.memo, \
     CAST(b.amount - COALESCE(p.amount, 0) AS BIGINT) AS open \
     FROM (SELECT e.source, MIN(e.day) AS day, MIN(e.kind) AS kind, MIN(e.memo) AS memo, \
             SUM(l.amount) AS amount \
           FROM ledger_lines l JOIN ledger_entries e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id \
           WHERE l.tenant_id = $1 AND e.estate_id = $2 AND l.code = '1002' AND e.day <= $3 \
             AND SUBSTR(e.source, 1, 4) <> 'bka_' \
           GROUP BY e.source) b \
     LEFT JOIN (SELECT source, SUM(amount) AS amount FROM bank_parts \
           WHERE tenant_id = $1 AND estate_id = $2 AND undone_at IS NULL AND day <= $3 \
           GROUP BY source) p ON p.source = b.source \
     WHERE b.amount <> COALESCE(p.amount, 0)";

/// The open items of an estate up to a day, oldest first.
pub(super) async fn open_items(
    scope: &TenantScope,
    estate: EstateId,
    on: NaiveDate,
    after: Option<(NaiveDate, String)>,
    limit: u64,
) -> Result<Vec<BookItem>, StorageError> {
    let sql = format!(
        "SELECT * FROM ({OPEN}) x WHERE (day > $4 OR (day = $4 AND source > $5)) \
         ORDER BY day, source LIMIT $6"
    );
    let (after_day, after_source) = after.unwrap_or_default();
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values =
        [estate.as_uuid().into(), on.into(), after_day.into(), after_source.into(), limit.into()];
    let rows: Vec<Row> = scope.rows(&sql, values).await?;
    Ok(rows.into_iter().map(item).collect())
}

/// The open items of exactly this amount, oldest first, at most ten.
pub(super) async fn of_amount(
    scope: &TenantScope,
    estate: EstateId,
    amount: Fen,
) -> Result<Vec<BookItem>, StorageError> {
    let sql = format!("SELECT * FROM ({OPEN}) x WHERE open = $4 ORDER BY day, source LIMIT 10");
    let values = [estate.as_uuid().into(), far().into(), amount.0.into()];
    let rows: Vec<Row> = scope.rows(&sql, values).await?;
    Ok(rows.into_iter().map(item).collect())
}

/// What is open of one source; `None` when nothing of it is.
pub(super) async fn of_source(
    scope: &TenantScope,
    estate: EstateId,
    source: &str,
) -> Result<Option<BookItem>, StorageError> {
    let sql = format!("SELECT * FROM ({OPEN}) x WHERE source = $4");
    let values = [estate.as_uuid().into(), far().into(), source.into()];
    let rows: Vec<Row> = scope.rows(&sql, values).await?;
    Ok(rows.into_iter().next().map(item))
}

/// After every day of ours.
fn far() -> NaiveDate {
    NaiveDate::from_ymd_opt(9999, 12, 31).expect("a date")
}

fn item(row: Row) -> BookItem {
    let Row { source, day, kind, memo, open } = row;
    BookItem { source, day, kind, memo, open: Fen(open) }
}

#[derive(FromQueryResult)]
struct Sum {
    number: i64,
    amount: i64,
}

/// How the books of an estate's bank and its statements (`statements` together) agree on a day;
/// with it how many items and lines are open.
pub(super) async fn agreement(
    scope: &TenantScope,
    estate: EstateId,
    on: NaiveDate,
    statements: Fen,
) -> Result<(Agreement, i64, i64), StorageError> {
    let values = || [estate.as_uuid().into(), on.into()];
    let one = async |sql: &str| -> Result<Sum, StorageError> {
        let rows: Vec<Sum> = scope.rows(sql, values()).await?;
        Ok(rows.into_iter().next().unwrap_or(Sum { number: 0, amount: 0 }))
    };
    let books = "SELECT COUNT(*) AS number, CAST(COALESCE(SUM(l.amount), 0) AS BIGINT) AS amount \
                 FROM ledger_lines l JOIN ledger_entries e \
                   ON e.tenant_id = l.tenant_id AND e.id = l.entry_id \
                 WHERE l.tenant_id = $1 AND e.estate_id = $2 AND l.code = '1002' AND e.day <= $3";
    let lines = "SELECT COUNT(*) AS number, CAST(COALESCE(SUM(l.amount), 0) AS BIGINT) AS amount \
                 FROM bank_lines l WHERE l.tenant_id = $1 AND l.estate_id = $2 AND l.day <= $3 \
                 AND NOT EXISTS (SELECT 1 FROM bank_parts p WHERE p.tenant_id = l.tenant_id \
                   AND p.line_id = l.id AND p.undone_at IS NULL)";
    let ahead = "SELECT COUNT(*) AS number, CAST(COALESCE(SUM(p.amount), 0) AS BIGINT) AS amount \
                 FROM (SELECT source, SUM(amount) AS amount FROM bank_parts \
                       WHERE tenant_id = $1 AND estate_id = $2 AND undone_at IS NULL AND day <= $3 \
                       GROUP BY source) p \
                 WHERE p.amount <> 0 AND NOT EXISTS (SELECT 1 FROM ledger_entries e \
                   JOIN ledger_lines l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id \
                   WHERE e.tenant_id = $1 AND e.estate_id = $2 AND e.source = p.source \
                     AND e.day <= $3 AND l.code = '1002')";
    let open = format!(
        "SELECT COUNT(*) AS number, CAST(COALESCE(SUM(open), 0) AS BIGINT) AS amount FROM ({OPEN}) x"
    );
    let (books, lines) = (one(books).await?, one(lines).await?);
    let (open, ahead) = (one(&open).await?, one(ahead).await?);
    let agreement = Agreement {
        books: Fen(books.amount),
        statements,
        // What a statement had before it was booked counts against what is open in the books.
        open_items: Fen(open.amount - ahead.amount),
        unmatched: Fen(lines.amount),
    };
    Ok((agreement, open.number + ahead.number, lines.number))
}

#[derive(FromQueryResult)]
struct Subject {
    subject: Uuid,
}

/// The billing accounts that owe exactly this much, at most five.
pub(super) async fn owing(
    scope: &TenantScope,
    estate: EstateId,
    amount: Fen,
) -> Result<Vec<Uuid>, StorageError> {
    let sql = "SELECT subject FROM balance_deltas WHERE tenant_id = $1 AND estate_id = $2 \
               AND code = '1122' GROUP BY subject HAVING SUM(amount) = $3 ORDER BY subject LIMIT 5";
    let values = [estate.as_uuid().into(), amount.0.into()];
    let rows: Vec<Subject> = scope.rows(sql, values).await?;
    Ok(rows.into_iter().map(|row| row.subject).collect())
}

/// The billing accounts of parties with exactly this name, at most five.
pub(super) async fn named(
    scope: &TenantScope,
    estate: EstateId,
    name: &str,
) -> Result<Vec<Uuid>, StorageError> {
    let sql = "SELECT id AS subject FROM billing_accounts WHERE tenant_id = $1 AND estate_id = $2 \
               AND name = $3 ORDER BY id LIMIT 5";
    let values = [estate.as_uuid().into(), name.into()];
    let rows: Vec<Subject> = scope.rows(sql, values).await?;
    Ok(rows.into_iter().map(|row| row.subject).collect())
}
