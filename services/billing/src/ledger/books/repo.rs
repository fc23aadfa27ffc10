//! Queries over entries, lines and balances.

use crate::ids::{BillingAccountId, EntryId};
use chrono::{DateTime, NaiveDate, Utc};
use db::{StorageError, TenantScope};
use ids::EstateId;
use money::Fen;
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// One line of a statement of account.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct StatementLine {
    pub(crate) entry_id: Uuid,
    pub(crate) day: NaiveDate,
    pub(crate) kind: String,
    pub(crate) source: String,
    pub(crate) memo: String,
    pub(crate) amount: i64,
    /// What the account owes after it; below zero it has paid ahead.
    pub(crate) balance: i64,
}

/// A page of what changed an account's debt and prepayment from `from` to `to`, in order.
pub(crate) async fn statement(
    scope: &TenantScope,
    account: BillingAccountId,
    (from, to): (NaiveDate, NaiveDate),
    after: Option<(NaiveDate, Uuid)>,
    limit: u64,
) -> Result<Vec<StatementLine>, StorageError> {
    let sql = "SELECT * FROM (SELECT x.*, CAST(SUM(amount) OVER (ORDER BY day, entry_id) AS BIGINT) AS balance \
               FROM (SELECT e.id AS entry_id, e.day, e.kind, e.source, e.memo, \
                     CAST(SUM(l.amount) AS BIGINT) AS amount \
                     FROM ledger_lines l JOIN ledger_entries e \
                       ON e.tenant_id = l.tenant_id AND e.id = l.entry_id \
                     WHERE l.tenant_id = $1 AND l.code IN ('1122', '2203') AND l.subject = $2 AND e.day <= $4 \
                     GROUP BY e.id, e.day, e.kind, e.source, e.memo) x) y \
               WHERE day >= $3 AND (day > $5 OR (day = $5 AND entry_id > $6)) \
               ORDER BY day, entry_id LIMIT $7";
    let (after_day, after_id) = after.unwrap_or((start_of_time(), Uuid::nil()));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values = [
        account.as_uuid().into(),
        from.into(),
        to.into(),
        after_day.into(),
        after_id.into(),
        limit.into(),
    ];
    scope.rows(sql, values).await
}

fn start_of_time() -> NaiveDate {
    NaiveDate::from_ymd_opt(1900, 1, 1).expect("a date")
}

#[derive(FromQueryResult)]
struct Sum {
    amount: i64,
}

/// What an account owed at the end of the day before `day`.
pub(crate) async fn owed_before(
    scope: &TenantScope,
    account: BillingAccountId,
    day: NaiveDate,
) -> Result<Fen, StorageError> {
    let sql = "SELECT CAST(COALESCE(SUM(l.amount), 0) AS BIGINT) AS amount FROM ledger_lines l \
               JOIN ledger_entries e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id \
               WHERE l.tenant_id = $1 AND l.code IN ('1122', '2203') AND l.subject = $2 AND e.day < $3";
    let rows: Vec<Sum> = scope.rows(sql, [account.as_uuid().into(), day.into()]).await?;
    Ok(Fen(rows.first().map_or(0, |row| row.amount)))
}

/// The balance of an account of the chart, per fee item and partner where there are several.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ChartBalance {
    /// The account of the chart.
    pub code: String,
    /// The fee item or partner.
    pub subject: Option<Uuid>,
    /// In fen; debit is positive.
    pub amount: i64,
}

/// Every account's balance at the end of a day, from what each day changed: the cost grows with
/// days and accounts, not with entries.
///
/// # Errors
/// When reading fails.
pub async fn trial_balance(
    scope: &TenantScope,
    estate: EstateId,
    on: NaiveDate,
) -> Result<Vec<ChartBalance>, StorageError> {
    let sql = "SELECT code, subject, CAST(SUM(amount) AS BIGINT) AS amount FROM daily_totals \
               WHERE tenant_id = $1 AND estate_id = $2 AND day <= $3 \
               GROUP BY code, subject HAVING SUM(amount) <> 0 ORDER BY code, subject";
    scope.rows(sql, [estate.as_uuid().into(), on.into()]).await
}

/// An entry of the journal.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct JournalEntry {
    pub(crate) id: Uuid,
    pub(crate) day: NaiveDate,
    pub(crate) kind: String,
    pub(crate) currency: String,
    pub(crate) source: String,
    pub(crate) memo: String,
    pub(crate) reverses: Option<Uuid>,
    pub(crate) at: DateTime<Utc>,
}

/// A line of the journal.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct JournalLine {
    pub(crate) entry_id: Uuid,
    pub(crate) code: String,
    pub(crate) subject: Option<Uuid>,
    pub(crate) amount: i64,
}

/// A page of an estate's journal, newest first.
pub(super) async fn journal(
    scope: &TenantScope,
    estate: EstateId,
    source: Option<&str>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<JournalEntry>, StorageError> {
    let mut values = vec![
        estate.as_uuid().into(),
        before.unwrap_or(Uuid::max()).into(),
        i64::try_from(limit).unwrap_or(i64::MAX).into(),
    ];
    let of_source = source.map_or("", |source| {
        values.push(source.into());
        "AND source = $5"
    });
    let sql = format!(
        "SELECT id, day, kind, currency, source, memo, reverses, at FROM ledger_entries \
         WHERE tenant_id = $1 AND estate_id = $2 AND id < $3 {of_source} ORDER BY id DESC LIMIT $4"
    );
    scope.rows(&sql, values).await
}

/// The lines of some entries, in order.
pub(crate) async fn lines(
    scope: &TenantScope,
    entries: &[EntryId],
) -> Result<Vec<JournalLine>, StorageError> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (2..2 + entries.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT entry_id, code, subject, amount FROM ledger_lines WHERE tenant_id = $1 \
         AND entry_id IN ({}) ORDER BY entry_id, line",
        places.join(", ")
    );
    scope.rows(&sql, entries.iter().map(|entry| entry.as_uuid().into())).await
}

/// An account whose kept balance is not the sum of its lines.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Difference {
    /// The account of the chart.
    pub code: String,
    /// The debtor, fee item or partner.
    pub subject: Option<Uuid>,
    /// The kept balance in fen.
    pub kept: i64,
    /// The sum of the lines in fen.
    pub recomputed: i64,
}

/// Every account of an estate whose kept balance differs from its lines.
///
/// # Errors
/// When reading fails.
pub async fn differences(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<Vec<Difference>, StorageError> {
    let sql = "SELECT code, subject, CAST(SUM(kept) AS BIGINT) AS kept, \
                 CAST(SUM(recomputed) AS BIGINT) AS recomputed FROM \
               (SELECT code, subject, amount AS kept, 0 AS recomputed FROM balance_deltas \
                WHERE tenant_id = $1 AND estate_id = $2 \
                UNION ALL \
                SELECT l.code, l.subject, 0 AS kept, l.amount AS recomputed FROM ledger_lines l \
                JOIN ledger_entries e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id \
                WHERE l.tenant_id = $1 AND e.estate_id = $2) x \
               GROUP BY code, subject HAVING SUM(kept) <> SUM(recomputed) ORDER BY code, subject";
    scope.rows(sql, [estate.as_uuid().into()]).await
}

/// Accounts of the chart whose days differ from their lines; `kept` and `recomputed` are of the
/// first such day.
///
/// # Errors
/// When reading fails.
pub async fn days_that_differ(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<Vec<Difference>, StorageError> {
    let sql = "SELECT code, subject, CAST(SUM(kept) AS BIGINT) AS kept, \
                 CAST(SUM(recomputed) AS BIGINT) AS recomputed FROM \
               (SELECT day, code, subject, amount AS kept, 0 AS recomputed FROM daily_totals \
                WHERE tenant_id = $1 AND estate_id = $2 \
                UNION ALL \
                SELECT e.day, l.code, CASE WHEN l.code IN ('2202', '6001') THEN l.subject END AS subject, \
                  0 AS kept, l.amount AS recomputed FROM ledger_lines l \
                JOIN ledger_entries e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id \
                WHERE l.tenant_id = $1 AND e.estate_id = $2) x \
               GROUP BY day, code, subject HAVING SUM(kept) <> SUM(recomputed) \
               ORDER BY day, code, subject LIMIT 100";
    scope.rows(sql, [estate.as_uuid().into()]).await
}

/// Debtors whose open bills are not what their receivable says.
pub(crate) async fn debtors_that_differ(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<Vec<Difference>, StorageError> {
    let sql = "SELECT '1122' AS code, subject, CAST(SUM(open) AS BIGINT) AS kept, \
                 CAST(SUM(owed) AS BIGINT) AS recomputed FROM \
               (SELECT account_id AS subject, total - settled AS open, 0 AS owed FROM bills \
                WHERE tenant_id = $1 AND estate_id = $2 AND voided_on IS NULL \
                UNION ALL \
                SELECT l.subject, 0 AS open, l.amount AS owed FROM ledger_lines l \
                JOIN ledger_entries e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id \
                WHERE l.tenant_id = $1 AND e.estate_id = $2 AND l.code = '1122') x \
               GROUP BY subject HAVING SUM(open) <> SUM(owed) ORDER BY subject";
    scope.rows(sql, [estate.as_uuid().into()]).await
}

/// Puts many rows of an account's balance together into one; says how many rows are gone.
pub(super) async fn fold(scope: &TenantScope, estate: EstateId) -> Result<u64, StorageError> {
    let hot: Vec<Hot> = scope
        .rows(
            "SELECT code, subject FROM balance_deltas WHERE tenant_id = $1 AND estate_id = $2 \
             GROUP BY code, subject HAVING COUNT(*) > 8 ORDER BY COUNT(*) DESC LIMIT 200",
            [estate.as_uuid().into()],
        )
        .await?;
    let mut gone = 0;
    for account in hot {
        let mut values = vec![estate.as_uuid().into(), account.code.as_str().into()];
        let subject = account.subject.map_or("subject IS NULL", |subject| {
            values.push(subject.into());
            "subject = $4"
        });
        // A row that is posted meanwhile is not among those deleted, and stays.
        let sql = format!(
            "DELETE FROM balance_deltas WHERE tenant_id = $1 AND estate_id = $2 AND code = $3 \
             AND {subject} RETURNING amount"
        );
        let rows: Vec<Sum> = scope.rows(&sql, values).await?;
        gone += rows.len() as u64;
        let amount: i64 = rows.iter().map(|row| row.amount).sum();
        let sql = "INSERT INTO balance_deltas (tenant_id, id, estate_id, code, subject, amount) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let values = [
            scope.new_id().into(),
            estate.as_uuid().into(),
            account.code.into(),
            account.subject.into(),
            amount.into(),
        ];
        scope.execute(sql, values).await?;
    }
    Ok(gone)
}

#[derive(FromQueryResult)]
struct Hot {
    code: String,
    subject: Option<Uuid>,
}

/// Puts many rows of what a day changed in an account together into one; says how many are gone.
pub(super) async fn fold_days(scope: &TenantScope, estate: EstateId) -> Result<u64, StorageError> {
    let hot: Vec<HotDay> = scope
        .rows(
            "SELECT day, code, subject FROM daily_totals WHERE tenant_id = $1 AND estate_id = $2 \
             GROUP BY day, code, subject HAVING COUNT(*) > 8 LIMIT 200",
            [estate.as_uuid().into()],
        )
        .await?;
    let mut gone = 0;
    for account in hot {
        let code = account.code.as_str();
        let mut values = vec![estate.as_uuid().into(), account.day.into(), code.into()];
        let subject = account.subject.map_or("subject IS NULL", |subject| {
            values.push(subject.into());
            "subject = $5"
        });
        let sql = format!(
            "DELETE FROM daily_totals WHERE tenant_id = $1 AND estate_id = $2 AND day = $3 \
             AND code = $4 AND {subject} RETURNING amount"
        );
        let rows: Vec<Sum> = scope.rows(&sql, values).await?;
        gone += rows.len() as u64;
        let amount: i64 = rows.iter().map(|row| row.amount).sum();
        let sql = "INSERT INTO daily_totals (tenant_id, id, estate_id, day, code, subject, amount) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let values = [
            scope.new_id().into(),
            estate.as_uuid().into(),
            account.day.into(),
            account.code.into(),
            account.subject.into(),
            amount.into(),
        ];
        scope.execute(sql, values).await?;
    }
    Ok(gone)
}

#[derive(FromQueryResult)]
struct HotDay {
    day: NaiveDate,
    code: String,
    subject: Option<Uuid>,
}

/// Which entries of a journal are wanted.
#[derive(Clone, Debug, Default)]
pub(crate) struct EntriesOf {
    /// From this day to that one.
    pub(crate) days: Option<(NaiveDate, NaiveDate)>,
    /// A further condition on `e`, an entry; its values begin at `$5`, days come after them.
    pub(crate) condition: String,
    /// The values of the condition.
    pub(crate) values: Vec<sea_orm::Value>,
}

/// A page of the entries that a condition picks, newest first.
pub(crate) async fn entries(
    scope: &TenantScope,
    estate: EstateId,
    of: EntriesOf,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<JournalEntry>, StorageError> {
    let mut values = vec![
        estate.as_uuid().into(),
        before.unwrap_or(Uuid::max()).into(),
        i64::try_from(limit).unwrap_or(i64::MAX).into(),
    ];
    values.extend(of.values);
    let mut condition = of.condition;
    if let Some((from, to)) = of.days {
        let place = values.len() + 2;
        condition = format!("AND e.day BETWEEN ${place} AND ${} {condition}", place + 1);
        values.extend([from.into(), to.into()]);
    }
    let sql = format!(
        "SELECT e.id, e.day, e.kind, e.currency, e.source, e.memo, e.reverses, e.at \
         FROM ledger_entries e WHERE e.tenant_id = $1 AND e.estate_id = $2 AND e.id < $3 \
         {condition} ORDER BY e.id DESC LIMIT $4"
    );
    scope.rows(&sql, values).await
}
