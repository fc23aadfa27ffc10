//! What is still to be paid on accounts.

use super::{
    domain::Bill,
    repo::{bill, read},
};
use crate::ids::BillingAccountId;
use chrono::NaiveDate;
use db::{StorageError, TenantScope};
use money::Fen;
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// What is open on some accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct OpenSum {
    /// Everything that is open.
    pub(crate) owed: Fen,
    /// What of it should have been paid before today.
    pub(crate) overdue: Fen,
    /// When the next of it falls due, today or later.
    pub(crate) next_due: Option<NaiveDate>,
}

#[derive(FromQueryResult)]
struct Sums {
    owed: i64,
    overdue: i64,
    next_due: Option<NaiveDate>,
}

/// What is open on some accounts on a day.
pub(crate) async fn open_sum(
    scope: &TenantScope,
    accounts: &[BillingAccountId],
    today: NaiveDate,
) -> Result<OpenSum, StorageError> {
    let mut values = vec![today.into()];
    let mine = scope.one_of(&mut values, accounts.iter().map(|account| account.as_uuid()));
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(total - settled), 0) AS BIGINT) AS owed, \
         CAST(COALESCE(SUM(CASE WHEN due < $2 THEN total - settled ELSE 0 END), 0) AS BIGINT) AS overdue, \
         MIN(CASE WHEN due >= $2 THEN due END) AS next_due FROM bills \
         WHERE tenant_id = $1 AND voided_on IS NULL AND settled < total AND account_id {mine}"
    );
    let rows: Vec<Sums> = scope.rows(&sql, values).await?;
    let sum = rows.into_iter().next().map(|row| OpenSum {
        owed: Fen(row.owed),
        overdue: Fen(row.overdue),
        next_due: row.next_due,
    });
    Ok(sum.unwrap_or_default())
}

/// A page of the open bills of some accounts, oldest due first; `after` is the last one of the page
/// before.
pub(crate) async fn open_page(
    scope: &TenantScope,
    accounts: &[BillingAccountId],
    after: Option<(NaiveDate, Uuid)>,
    limit: u64,
) -> Result<Vec<Bill>, StorageError> {
    let (day, id) =
        after.unwrap_or((NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default(), Uuid::nil()));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut values = vec![day.into(), id.into(), limit.into()];
    let mine = scope.one_of(&mut values, accounts.iter().map(|account| account.as_uuid()));
    let sql = format!(
        "SELECT * FROM bills WHERE tenant_id = $1 AND voided_on IS NULL AND settled < total \
         AND (due > $2 OR (due = $2 AND id > $3)) AND account_id {mine} ORDER BY due, id LIMIT $4"
    );
    let rows: Vec<bill::Model> = scope.rows(&sql, values).await?;
    rows.into_iter().map(read).collect()
}
