//! The trial balance of an estate with millions of entries, and the check that recomputes it.

use super::{Books, OURS};
use crate::{postgres::query, report::Row, stats::Sample};
use anyhow::{Result, ensure};
use billing::ledger::{days_that_differ, differences, trial_balance};
use servers::Postgres;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How often the trial balance is read.
const READS: u32 = 20;

/// Days over which the entries are spread, so that no account of the chart stands still.
const DAYS: u32 = 730;

/// The longest that a trial balance may take.
const GOAL: Duration = Duration::from_secs(1);

/// Fills the books up with so many entries and reads their trial balance.
pub(super) async fn measure(server: &Postgres, books: &Books, entries: u32) -> Result<Vec<Row>> {
    fill(server, books, entries)?;
    let on = "2029-01-01".parse()?;
    let mut took = Sample::default();
    for _ in 0..READS {
        let scope = books.db.read(books.tenant).await?;
        let begun = Instant::now();
        let rows = trial_balance(&scope, books.estate, on).await?;
        took.add(begun.elapsed().as_secs_f64() * 1_000.0);
        let sum: i64 = rows.iter().map(|row| row.amount).sum();
        ensure!(rows.len() == 2 && sum == 0, "{rows:?}");
    }
    let scope = books.db.read(books.tenant).await?;
    let begun = Instant::now();
    let accounts = differences(&scope, books.estate).await?;
    let days = days_that_differ(&scope, books.estate).await?;
    ensure!(accounts.is_empty() && days.is_empty(), "{accounts:?} {days:?}");
    let verified = begun.elapsed().as_secs_f64();
    Ok(vec![
        Row::judged(
            format!("ledger, PostgreSQL: trial balance of {entries} entries over {DAYS} days"),
            format!("{} ms", took.words(1)),
            "< 1 s",
            took.most() < GOAL.as_secs_f64() * 1_000.0,
        ),
        Row::told(
            "ledger, PostgreSQL: every line of them summed up again, the same figures",
            format!("{verified:.1} s"),
        ),
    ])
}

/// Charges as billing posts and folds them. The triggers that look at each entry sleep meanwhile:
/// what they cost is the other figure, and the check at the end looks at everything at once.
fn fill(server: &Postgres, books: &Books, entries: u32) -> Result<()> {
    let there: u32 =
        query(server, "postgres", OURS, "SELECT COUNT(*) FROM ledger_entries")?.parse()?;
    let missing = entries.saturating_sub(there);
    let uuid = |id: Uuid| format!("CAST('{id}' AS UUID)");
    let tenant = uuid(books.tenant.as_uuid());
    let (estate, item) = (uuid(books.estate.as_uuid()), uuid(books.item.as_uuid()));
    let debtors: Vec<String> =
        books.debtors.iter().map(|debtor| format!("'{}'", debtor.as_uuid())).collect();
    let (many, debtors) = (debtors.len(), debtors.join(","));
    let sql = format!(
        "SET session_replication_role = replica; SET synchronous_commit = off;
         CREATE TEMPORARY TABLE made AS
         SELECT gen_random_uuid() AS id, n % {many} + 1 AS debtor,
                DATE '2026-07-01' + n % {DAYS} AS day FROM generate_series(1, {missing}) n;
         CREATE TEMPORARY TABLE owing AS
         SELECT place, id FROM UNNEST(ARRAY[{debtors}]::uuid[]) WITH ORDINALITY AS o (id, place);
         INSERT INTO ledger_lines (tenant_id, entry_id, line, lines, code, subject, amount)
         SELECT {tenant}, m.id, 1, 2, '1122', o.id, 27862 FROM made m JOIN owing o ON o.place = m.debtor
         UNION ALL SELECT {tenant}, m.id, 2, 2, '6001', {item}, -27862 FROM made m;
         INSERT INTO ledger_entries
             (tenant_id, id, lines, estate_id, kind, day, currency, source, memo, at)
         SELECT {tenant}, id, 2, {estate}, 'CHARGE', day, 'CNY', 'bench', '', now() FROM made;
         DELETE FROM balance_deltas; DELETE FROM daily_totals;
         INSERT INTO balance_deltas (tenant_id, id, estate_id, code, subject, amount)
         SELECT {tenant}, gen_random_uuid(), {estate}, code, subject, SUM(amount)
         FROM ledger_lines GROUP BY code, subject;
         INSERT INTO daily_totals (tenant_id, id, estate_id, day, code, subject, amount)
         SELECT {tenant}, gen_random_uuid(), {estate}, e.day, l.code,
                CASE WHEN l.code IN ('2202', '6001') THEN l.subject END, SUM(l.amount)
         FROM ledger_lines l JOIN ledger_entries e ON e.id = l.entry_id GROUP BY 4, 5, 6;
         ANALYZE;"
    );
    query(server, "postgres", OURS, &sql).map(drop)
}
