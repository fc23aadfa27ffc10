//! What billing's own features still have open in a month.

use crate::{charges::BillingMonth, estates, ledger::books::repo as books, reports::month_end};
use db::{StorageError, TenantScope};
use ids::EstateId;
use sea_orm::{FromQueryResult, Value};

#[derive(FromQueryResult)]
struct Count {
    n: i64,
}

async fn count(scope: &TenantScope, sql: &str, values: Vec<Value>) -> Result<i64, StorageError> {
    let rows: Vec<Count> = scope.rows(sql, values).await?;
    Ok(rows.first().map_or(0, |row| row.n))
}

/// Bill runs of the month that wait, run, or failed and were not done afterwards.
pub(super) async fn bill_runs(
    scope: &TenantScope,
    estate: EstateId,
    month: BillingMonth,
) -> Result<i64, StorageError> {
    let sql = "SELECT COUNT(*) AS n FROM bill_runs r WHERE tenant_id = $1 AND estate_id = $2 \
               AND (start_month = $3 OR issued_on BETWEEN $3 AND $4) \
               AND (state IN ('QUEUED', 'RUNNING') OR state = 'FAILED' AND NOT EXISTS \
                 (SELECT 1 FROM bill_runs later WHERE later.tenant_id = $1 AND later.estate_id = $2 \
                  AND later.start_month = r.start_month AND later.id > r.id AND later.state = 'DONE'))";
    let values = vec![estate.as_uuid().into(), month.first().into(), month.last().into()];
    count(scope, sql, values).await
}

/// Shifts of tills that were opened before the month's end and are not locked.
pub(super) async fn shifts_open(
    scope: &TenantScope,
    estate: EstateId,
    month: BillingMonth,
) -> Result<i64, StorageError> {
    let Some(known) = estates::find(scope, estate).await? else { return Ok(0) };
    let ends = month_end(&known, month);
    let sql = "SELECT COUNT(*) AS n FROM cashier_shifts WHERE tenant_id = $1 AND estate_id = $2 \
               AND state <> 'LOCKED' AND opened_at < $3";
    count(scope, sql, vec![estate.as_uuid().into(), ends.into()]).await
}

/// Lines of bank statements of which nobody knows what they are.
pub(super) async fn bank_lines_unmatched(
    scope: &TenantScope,
    estate: EstateId,
    month: BillingMonth,
) -> Result<i64, StorageError> {
    let sql = "SELECT COUNT(*) AS n FROM bank_lines WHERE tenant_id = $1 AND estate_id = $2 \
               AND matched = FALSE AND day <= $3";
    count(scope, sql, vec![estate.as_uuid().into(), month.last().into()]).await
}

/// Payments of which nobody knows whether the money came.
pub(super) async fn payments_unknown(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<i64, StorageError> {
    let sql = "SELECT COUNT(*) AS n FROM payments WHERE tenant_id = $1 AND estate_id = $2 \
               AND unanswered = TRUE AND received = FALSE AND failed = FALSE";
    count(scope, sql, vec![estate.as_uuid().into()]).await
}

/// Refunds that were approved and are not paid.
pub(super) async fn refunds_unpaid(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<i64, StorageError> {
    let sql = "SELECT COUNT(*) AS n FROM refunds WHERE tenant_id = $1 AND estate_id = $2 \
               AND state IN ('PENDING', 'UNKNOWN')";
    count(scope, sql, vec![estate.as_uuid().into()]).await
}

/// Balances of the books that are not what their lines say.
pub(super) async fn differences(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<i64, StorageError> {
    let found = books::differences(scope, estate).await?.len()
        + books::debtors_that_differ(scope, estate).await?.len()
        + books::days_that_differ(scope, estate).await?.len();
    Ok(i64::try_from(found).unwrap_or(i64::MAX))
}

/// Debtors of whom more deposit went back than was taken.
pub(super) async fn deposits_overdrawn(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<i64, StorageError> {
    let sql = "SELECT COUNT(*) AS n FROM (SELECT subject FROM balance_deltas WHERE tenant_id = $1 \
               AND estate_id = $2 AND code = '2241' GROUP BY subject HAVING SUM(amount) > 0) x";
    count(scope, sql, vec![estate.as_uuid().into()]).await
}

/// Whether the trial balance at the end of the month is off: 0 or 1.
pub(super) async fn trial_balance_off(
    scope: &TenantScope,
    estate: EstateId,
    month: BillingMonth,
) -> Result<i64, StorageError> {
    let rows = books::trial_balance(scope, estate, month.last()).await?;
    let sum: i128 = rows.iter().map(|row| i128::from(row.amount)).sum();
    Ok(i64::from(sum != 0))
}
