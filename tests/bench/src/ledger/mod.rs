//! How fast entries are posted, and what a trial balance costs when there are many.

mod many;

use crate::{plain::Staging, postgres::query, report::Row, stats::Sample};
use anyhow::{Context as _, Result, ensure};
use billing::{
    ids::{BillingAccountId, FeeItemId},
    ledger::{Account, Entry, Posting, post_all},
};
use clock::Clock;
use db::{Db, DbConfig};
use ids::{EstateId, TenantId};
use money::{Currency, Fen};
use servers::{Durability, Postgres};
use std::time::Instant;

const OURS: &str = "ledger";
const PLAIN: &str = "ledger_plain";

/// The tables that a posting writes, in the order in which keys and triggers allow it.
const WRITTEN: [&str; 3] = ["ledger_lines", "ledger_entries", "balance_deltas"];

/// Entries of one transaction.
const PER_TURN: u32 = 1_000;

/// Lines of every entry here.
const LINES: u32 = 2;

/// Debtors in turn.
const DEBTORS: u32 = 10_000;

/// The books of one estate.
struct Books {
    db: Db,
    tenant: TenantId,
    estate: EstateId,
    item: FeeItemId,
    debtors: Vec<BillingAccountId>,
}

/// Rounds of so many transactions, then the books with so many entries.
pub async fn measure(rounds: u32, turns: u32, entries: u32) -> Result<Vec<Row>> {
    let server = Postgres::start(Durability::Durable)?;
    let books = Books::open(&server).await?;
    let mut rows = posting(&server, &books, rounds, turns).await?;
    rows.extend(many::measure(&server, &books, entries).await?);
    Ok(rows)
}

/// One writer against plain inserts of the same rows, then two.
async fn posting(server: &Postgres, books: &Books, rounds: u32, turns: u32) -> Result<Vec<Row>> {
    let staging = Staging::prepare(server, PLAIN, &WRITTEN)?;
    let (mut ratio, mut alone, mut both) =
        (Sample::default(), Sample::default(), Sample::default());
    let lines = f64::from(turns * PER_TURN * LINES);
    for _ in 0..rounds {
        let before = last_entry(server)?;
        let begun = Instant::now();
        books.post(turns).await?;
        let took = begun.elapsed().as_secs_f64();
        let rows = stage(server, &staging, &before)?;
        let plain = staging.insert(turns - 1, books.tenant.as_uuid())?;
        #[expect(clippy::float_cmp, reason = "whole numbers far below 2^52")]
        let same = plain.rows == rows;
        ensure!(same, "{plain:?}: the same {rows} rows");
        alone.add(lines / took);
        ratio.add(plain.seconds / took);
        let begun = Instant::now();
        tokio::try_join!(books.post(turns), books.post(turns))?;
        both.add(2.0 * lines / begun.elapsed().as_secs_f64());
    }
    Ok(vec![
        Row::told(
            format!(
                "ledger, PostgreSQL: {PER_TURN} entries a transaction, rows a second against plain inserts"
            ),
            format!("{} ×", ratio.words(2)),
        ),
        Row::judged(
            "ledger, PostgreSQL: lines posted a second, one writer and two",
            format!("{} and {}", alone.words(0), both.words(0)),
            "≥ 20,000",
            both.median() >= 20_000.0,
        ),
    ])
}

impl Books {
    /// Two migrated databases with one estate in each.
    async fn open(server: &Postgres) -> Result<Self> {
        let clock = Clock::system();
        for role in ["billing_app", "billing_worker"] {
            server.sql("postgres", &format!("CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS"))?;
        }
        let (tenant, estate) =
            (TenantId::from_uuid(clock.uuid()), EstateId::from_uuid(clock.uuid()));
        for database in [OURS, PLAIN] {
            server.sql("postgres", &format!("CREATE DATABASE {database}"))?;
            let url = format!("{}/{database}", server.url);
            db::migrate(&url, "billing", &billing::service().migrations).await?;
            let known = format!(
                "INSERT INTO estates (tenant_id, id, code, name, time_zone, currency, cycle, due) \
                 VALUES ('{}', '{}', 'BEN', 'Bench', 'Asia/Shanghai', 'CNY', 'MONTH', '{{}}')",
                tenant.as_uuid(),
                estate.as_uuid()
            );
            server.sql(database, &known)?;
        }
        let url = |role| server.url.replace("postgres@", &format!("{role}@"));
        let config = DbConfig {
            url: format!("{}/{OURS}", url("billing_app")),
            worker_url: Some(format!("{}/{OURS}", url("billing_worker"))),
            max_connections: 4,
            durable: true,
        };
        let debtors = (0..DEBTORS).map(|_| BillingAccountId::from_uuid(clock.uuid())).collect();
        let item = FeeItemId::from_uuid(clock.uuid());
        Ok(Self { db: Db::connect(&config, clock).await?, tenant, estate, item, debtors })
    }

    /// Posts charges, [`PER_TURN`] of them in each of so many transactions.
    async fn post(&self, turns: u32) -> Result<()> {
        let mut debtors = self.debtors.iter().cycle();
        for _ in 0..turns {
            let charged = debtors.by_ref().take(PER_TURN as usize);
            let postings: Result<Vec<Posting>> =
                charged.map(|debtor| self.charge(*debtor)).collect();
            let scope = self.db.write(self.tenant).await?;
            post_all(&scope, postings?).await?;
            scope.commit().await?;
        }
        Ok(())
    }

    fn charge(&self, debtor: BillingAccountId) -> Result<Posting> {
        Ok(Posting {
            estate: self.estate,
            entry: Entry::charge(debtor, Account::Revenue(self.item), Fen(27_862), Currency::CNY)?,
            date: "2026-07-01".parse()?,
            source: debtor.to_string(),
            memo: String::new(),
        })
    }
}

/// The id of the newest entry, from which on rows are of the next round.
fn last_entry(server: &Postgres) -> Result<String> {
    let last = "SELECT COALESCE(MAX(id::text), '00000000-0000-0000-0000-000000000000') \
                FROM ledger_entries";
    query(server, "postgres", OURS, last)
}

/// Stages what was posted since in the transactions in which it was; how many rows.
fn stage(server: &Postgres, staging: &Staging<'_>, before: &str) -> Result<f64> {
    staging.clear()?;
    // All ids are of one clock, so the rows of a transaction are neighbours; a transaction is known
    // by the system column.
    let turns = format!(
        "DROP TABLE IF EXISTS turns; CREATE TABLE turns AS SELECT xmin::text AS made, \
         CAST(ROW_NUMBER() OVER (ORDER BY MIN(id::text)) - 1 AS INT) AS turn \
         FROM ledger_entries WHERE id > '{before}' GROUP BY xmin::text"
    );
    query(server, "postgres", OURS, &turns)?;
    let mut rows = 0.0;
    for table in WRITTEN {
        let found = format!("FROM {table} t JOIN turns ON t.xmin::text = turns.made");
        staging.stage((OURS, &format!("SELECT t.*, turns.turn {found}")), table)?;
        let count = query(server, "postgres", OURS, &format!("SELECT COUNT(*) {found}"))?;
        rows += count.parse::<f64>().context("a count")?;
    }
    Ok(rows)
}
