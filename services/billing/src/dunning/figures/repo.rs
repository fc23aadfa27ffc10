//! The facts that figures are made of.

use super::domain::{Figures, age, by_step};
use crate::{dunning::domain::Step, estates::Estate};
use chrono::NaiveDate;
use db::{StorageError, TenantScope, stored};
use money::Fen;
use sea_orm::FromQueryResult;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Promise {
    amount: i64,
    paid: i64,
    due_on: NaiveDate,
}

#[derive(FromQueryResult)]
struct Reached {
    tried: i64,
    reached: i64,
}

#[derive(FromQueryResult)]
struct Arrears {
    due: NaiveDate,
    owed: i64,
}

#[derive(FromQueryResult)]
struct Done {
    account_id: Uuid,
    step: String,
    happened_on: NaiveDate,
}

#[derive(FromQueryResult)]
struct Paid {
    account_id: Uuid,
    day: NaiveDate,
    amount: i64,
}

/// Contacts that were not undone.
const STANDS: &str = "a.corrects IS NULL AND NOT EXISTS (SELECT 1 FROM dunning_actions x \
    WHERE x.tenant_id = a.tenant_id AND x.corrects = a.id)";

/// The figures of an estate, of the days from `from` to `to` where they are of a period and of
/// today where they are not.
pub(crate) async fn of_estate(
    scope: &TenantScope,
    estate: &Estate,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Figures, StorageError> {
    let mut figures = Figures::default();
    let today = estate.today(scope.clock());
    promises(scope, estate, (from, to), (&mut figures, today)).await?;
    reached(scope, estate, &mut figures).await?;
    let sql = "SELECT b.due, CAST(SUM(b.total - b.settled) AS BIGINT) AS owed FROM bills b \
               WHERE b.tenant_id = $1 AND b.estate_id = $2 AND b.due < $3 AND b.voided_on IS NULL \
               AND b.settled < b.total GROUP BY b.due";
    let rows: Vec<Arrears> = scope.rows(sql, [estate.id.as_uuid().into(), today.into()]).await?;
    for row in rows {
        figures.ages[age((today - row.due).num_days())] += Fen(row.owed);
    }
    figures.recovered = recovered(scope, estate, (from, to)).await?;
    Ok(figures)
}

async fn promises(
    scope: &TenantScope,
    estate: &Estate,
    (from, to): (NaiveDate, NaiveDate),
    (figures, today): (&mut Figures, NaiveDate),
) -> Result<(), StorageError> {
    let sql = format!(
        "SELECT p.amount, p.due_on, CAST(COALESCE((SELECT -SUM(l.amount) FROM ledger_lines l \
         JOIN ledger_entries e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id \
         WHERE l.tenant_id = p.tenant_id AND l.code = '1122' AND l.subject = p.account_id \
         AND e.kind IN ('PAYMENT', 'PREPAYMENT_APPLIED', 'REFUND', 'DISPUTE') \
         AND e.day BETWEEN p.made_on AND p.due_on), 0) AS BIGINT) AS paid \
         FROM dunning_promises p JOIN dunning_actions a \
           ON a.tenant_id = p.tenant_id AND a.id = p.action_id \
         WHERE p.tenant_id = $1 AND p.estate_id = $2 AND p.due_on BETWEEN $3 AND $4 AND {STANDS}"
    );
    let values = [estate.id.as_uuid().into(), from.into(), to.into()];
    for row in scope.rows::<Promise>(&sql, values).await? {
        use crate::dunning::actions::{Fate, kept};
        match kept(Fen(row.amount), row.due_on, Fen(row.paid), today) {
            Fate::Kept => figures.kept += 1,
            Fate::Broken => figures.broken += 1,
            Fate::Open => {}
        }
    }
    Ok(())
}

/// Reached is who answered, or whom a demand is known to have reached.
async fn reached(
    scope: &TenantScope,
    estate: &Estate,
    figures: &mut Figures,
) -> Result<(), StorageError> {
    let sql = format!(
        "SELECT COUNT(*) AS tried, CAST(COALESCE(SUM(y.reached), 0) AS BIGINT) AS reached FROM ( \
         SELECT c.id, MAX(CASE WHEN d.action_id IS NOT NULL OR a.reply IS NOT NULL \
           OR a.acknowledged_on IS NOT NULL THEN 1 ELSE 0 END) AS reached \
         FROM dunning_cases c JOIN dunning_actions a ON a.tenant_id = c.tenant_id AND a.case_id = c.id \
         LEFT JOIN dunning_deliveries d ON d.tenant_id = a.tenant_id AND d.action_id = a.id \
         WHERE c.tenant_id = $1 AND c.estate_id = $2 AND c.closed_on IS NULL AND {STANDS} \
         GROUP BY c.id) y"
    );
    let rows: Vec<Reached> = scope.rows(&sql, [estate.id.as_uuid().into()]).await?;
    if let Some(row) = rows.first() {
        let count = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
        (figures.tried, figures.reached) = (count(row.tried), count(row.reached));
    }
    Ok(())
}

async fn recovered(
    scope: &TenantScope,
    estate: &Estate,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<std::collections::BTreeMap<Option<Step>, Fen>, StorageError> {
    let sql = format!(
        "SELECT a.account_id, a.step, a.happened_on FROM dunning_actions a WHERE a.tenant_id = $1 \
         AND a.estate_id = $2 AND a.happened_on <= $3 AND a.step IS NOT NULL AND {STANDS}"
    );
    let rows: Vec<Done> = scope.rows(&sql, [estate.id.as_uuid().into(), to.into()]).await?;
    let done = |row: Done| Ok((row.account_id, stored::read_word(&row.step)?, row.happened_on));
    let steps = rows.into_iter().map(done).collect::<Result<Vec<_>, StorageError>>()?;
    let sql = "SELECT c.account_id, e.day, CAST(-SUM(l.amount) AS BIGINT) AS amount \
               FROM (SELECT DISTINCT account_id, tenant_id FROM dunning_cases \
                     WHERE tenant_id = $1 AND estate_id = $2) c \
               JOIN ledger_lines l ON l.tenant_id = c.tenant_id AND l.code = '1122' AND l.subject = c.account_id \
               JOIN ledger_entries e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id \
               WHERE e.kind IN ('PAYMENT', 'PREPAYMENT_APPLIED', 'REFUND', 'DISPUTE') \
               AND e.day BETWEEN $3 AND $4 GROUP BY c.account_id, e.day";
    let values = [estate.id.as_uuid().into(), from.into(), to.into()];
    let rows: Vec<Paid> = scope.rows(sql, values).await?;
    let paid: Vec<_> =
        rows.into_iter().map(|row| (row.account_id, row.day, Fen(row.amount))).collect();
    Ok(by_step(&steps, &paid))
}
