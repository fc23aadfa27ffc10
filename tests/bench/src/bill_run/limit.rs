//! What PostgreSQL could do: the rows of a run, inserted with the same earlier rows in the tables.

use crate::{
    plain::{Inserted, Staging},
    postgres::{copy, query},
};
use anyhow::{Result, ensure};
use servers::{Postgres, Split, succeed};
use uuid::Uuid;

const OURS: &str = "billing";
const PLAIN: &str = "billing_plain";

/// Tables whose rows a run needs to be there.
const NEEDED: [&str; 3] = ["estates", "fee_items", "fee_standards"];

/// Tables that a run writes, in the order in which their keys and triggers allow it, each with the
/// rows of the run in the terms of `part`: one row per bill of the run, with the number of the
/// transaction it goes into.
const WRITTEN: [(&str, &str); 6] = [
    (
        "billing_accounts",
        "SELECT t.*, p.turn FROM billing_accounts t JOIN bench.part p ON p.account_id = t.id",
    ),
    ("ledger_lines", "SELECT t.*, p.turn FROM ledger_lines t JOIN bench.part p USING (entry_id)"),
    (
        "ledger_entries",
        "SELECT t.*, p.turn FROM ledger_entries t JOIN bench.part p ON p.entry_id = t.id",
    ),
    // Folded by now: one per account and transaction, as they were written.
    (
        "balance_deltas",
        "SELECT l.tenant_id, gen_random_uuid() AS id, p.estate_id, l.code, l.subject, \
         CAST(SUM(l.amount) AS BIGINT) AS amount, p.turn FROM ledger_lines l \
         JOIN bench.part p USING (entry_id) GROUP BY l.tenant_id, p.estate_id, l.code, l.subject, p.turn",
    ),
    ("bills", "SELECT t.*, p.turn FROM bills t JOIN bench.part p ON p.bill_id = t.id"),
    ("charges", "SELECT t.*, p.turn FROM charges t JOIN bench.part p USING (bill_id)"),
];

/// Bills of one transaction.
const PER_TURN: u32 = 1_000;

/// The database of the plain inserts.
pub struct Limit<'s> {
    server: &'s Postgres,
    staging: Staging<'s>,
    /// Whether the accounts are there, which only the first run opens.
    accounts: bool,
}

impl<'s> Limit<'s> {
    /// Makes the database, with what the rows of a run point to.
    pub fn prepare(split: &Split, server: &'s Postgres) -> Result<Self> {
        query(server, "postgres", "postgres", &format!("CREATE DATABASE {PLAIN}"))?;
        let url = format!("{}/{PLAIN}", server.url);
        let mut migrate = split.command(OURS)?;
        migrate.env("BILLING_DATABASE_URL", &url).env("BILLING_MIGRATE_DATABASE_URL", &url);
        succeed(migrate.arg("migrate"))?;
        for table in NEEDED {
            copy(server, (OURS, &format!("SELECT * FROM {table}")), (PLAIN, table))?;
        }
        query(server, "postgres", OURS, "CREATE SCHEMA bench")?;
        let staging = Staging::prepare(server, PLAIN, &WRITTEN.map(|(table, _)| table))?;
        Ok(Self { server, staging, accounts: false })
    }

    /// Inserts the rows that a run has written.
    pub fn insert(&mut self, run: Uuid, tenant: Uuid) -> Result<Inserted> {
        let part = format!(
            "DROP TABLE IF EXISTS bench.part; CREATE TABLE bench.part AS \
             SELECT id AS bill_id, entry_id, account_id, estate_id, \
             CAST((ROW_NUMBER() OVER (ORDER BY id) - 1) / {PER_TURN} AS INT) AS turn \
             FROM bills WHERE run_id = '{run}'; ANALYZE bench.part; \
             SELECT MAX(turn) FROM bench.part"
        );
        let last: u32 = query(self.server, "postgres", OURS, &part)?.parse()?;
        self.staging.clear()?;
        for (table, rows) in WRITTEN {
            if table != "billing_accounts" || !self.accounts {
                self.staging.stage((OURS, rows), table)?;
            }
        }
        self.accounts = true;
        let inserted = self.staging.insert(last, tenant)?;
        ensure!(inserted.rows > f64::from(last * PER_TURN), "{inserted:?}: every bill's rows");
        Ok(inserted)
    }
}
