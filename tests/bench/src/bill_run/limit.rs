//! What PostgreSQL could do: the rows of a run, inserted from arrays, nothing computed.
//!
//! The tables are those of billing's own migrations, in a database of their own on the same
//! server, with the same earlier rows in them: keys, checks, indexes, row-level security and
//! triggers are in force on both sides, and the same role inserts. The arrays are ready in the
//! server before the clock starts, so neither their way there nor their parsing counts.

use crate::postgres::{copy, query};
use anyhow::{Context as _, Result, ensure};
use servers::{Postgres, Split, succeed};
use std::fmt::Write as _;
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

/// What was inserted.
#[derive(Clone, Copy, Debug)]
pub struct Inserted {
    /// How many rows, in all tables.
    pub rows: f64,
    /// How long the inserts and their commits took.
    pub seconds: f64,
}

/// The database of the plain inserts.
pub struct Limit<'s> {
    server: &'s Postgres,
    /// Columns and their types, in the order of [`WRITTEN`].
    columns: Vec<Vec<(String, String)>>,
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
        let staged = "CREATE SCHEMA staged; GRANT USAGE ON SCHEMA staged TO billing_app; \
                      CREATE TABLE staged.took (rows BIGINT, seconds FLOAT8); \
                      GRANT INSERT ON staged.took TO billing_app";
        query(server, "postgres", PLAIN, staged)?;
        let mut columns = Vec::new();
        for (table, _) in WRITTEN {
            let sql = format!(
                "CREATE UNLOGGED TABLE staged.{table} (LIKE public.{table}); \
                 ALTER TABLE staged.{table} ADD turn INT; \
                 CREATE INDEX ON staged.{table} (turn); \
                 GRANT SELECT ON staged.{table} TO billing_app; \
                 SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute \
                 WHERE attrelid = 'public.{table}'::regclass AND attnum > 0 \
                 AND NOT attisdropped ORDER BY attnum"
            );
            let found = query(server, "postgres", PLAIN, &sql)?;
            let pairs = found.lines().filter_map(|line| line.split_once('|'));
            columns.push(pairs.map(|(name, kind)| (name.to_owned(), kind.to_owned())).collect());
        }
        Ok(Self { server, columns, accounts: false })
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
        for (table, rows) in WRITTEN {
            query(self.server, "postgres", PLAIN, &format!("TRUNCATE staged.{table}"))?;
            if table != "billing_accounts" || !self.accounts {
                copy(self.server, (OURS, rows), (PLAIN, &format!("staged.{table}")))?;
            }
        }
        self.accounts = true;
        // Not the tables themselves: one known to be empty is read through for every key that is
        // checked, and the plan stays for the session while the table grows.
        let staged: Vec<String> =
            WRITTEN.iter().map(|(table, _)| format!("staged.{table}")).collect();
        let ready = format!("ANALYZE {}; TRUNCATE staged.took", staged.join(", "));
        query(self.server, "postgres", PLAIN, &ready)?;
        query(self.server, "billing_app", PLAIN, &self.block(last, tenant))?;
        let took = query(self.server, "postgres", PLAIN, "SELECT rows, seconds FROM staged.took")?;
        let (rows, seconds) = took.split_once('|').context("how long it took")?;
        let inserted = Inserted { rows: rows.parse()?, seconds: seconds.parse()? };
        ensure!(inserted.rows > f64::from(last * PER_TURN), "{inserted:?}: every bill's rows");
        Ok(inserted)
    }

    /// The inserts, in a loop that the server runs by itself.
    fn block(&self, last: u32, tenant: Uuid) -> String {
        let (mut declared, mut arrays, mut inserts) = (String::new(), String::new(), String::new());
        for ((table, _), columns) in WRITTEN.iter().zip(&self.columns) {
            let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
            let variables: Vec<String> =
                names.iter().map(|name| format!("{table}_{name}")).collect();
            for (variable, (_, kind)) in variables.iter().zip(columns) {
                let _ = writeln!(declared, "{variable} {kind}[];");
            }
            let gathered: Vec<String> =
                names.iter().map(|name| format!("array_agg(t.{name})")).collect();
            let _ = writeln!(
                arrays,
                "SELECT {} INTO {} FROM staged.{table} t WHERE t.turn = this_turn;",
                gathered.join(", "),
                variables.join(", ")
            );
            let _ = writeln!(
                inserts,
                "INSERT INTO {table} ({}) SELECT * FROM unnest({}); \
                 GET DIAGNOSTICS added = ROW_COUNT; inserted := inserted + added;",
                names.join(", "),
                variables.join(", ")
            );
        }
        format!(
            "DO $$ DECLARE begun TIMESTAMPTZ; spent INTERVAL := '0'; added BIGINT; \
             inserted BIGINT := 0;\n{declared}BEGIN\nFOR this_turn IN 0..{last} LOOP\n{arrays}\
             begun := clock_timestamp();\n\
             PERFORM set_config('app.tenant_id', '{tenant}', true);\n{inserts}COMMIT;\n\
             spent := spent + (clock_timestamp() - begun);\nEND LOOP;\n\
             INSERT INTO staged.took VALUES (inserted, EXTRACT(epoch FROM spent));\nEND $$"
        )
    }
}
