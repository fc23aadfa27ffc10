//! What PostgreSQL could do: rows that wait in the server, inserted from arrays, nothing computed.
//!
//! The tables are those of billing's own migrations: keys, checks, indexes, row-level security and
//! triggers are in force on both sides, and the same role inserts. The arrays are ready in the
//! server before the clock starts, so neither their way there nor their parsing counts.

use crate::postgres::{copy, query};
use anyhow::{Context as _, Result};
use servers::Postgres;
use std::fmt::Write as _;
use uuid::Uuid;

/// What was inserted.
#[derive(Clone, Copy, Debug)]
pub struct Inserted {
    /// How many rows, in all tables.
    pub rows: f64,
    /// How long the inserts and their commits took.
    pub seconds: f64,
}

/// Tables of a migrated database with the rows beside them that are to be inserted, each with the
/// number of the transaction it goes into.
pub struct Staging<'s> {
    server: &'s Postgres,
    database: &'static str,
    tables: Vec<Table>,
}

struct Table {
    name: &'static str,
    /// Columns and their types.
    columns: Vec<(String, String)>,
}

impl<'s> Staging<'s> {
    /// Makes a staged table beside each of these, which are in the order in which keys and triggers
    /// allow their rows.
    pub fn prepare(
        server: &'s Postgres,
        database: &'static str,
        tables: &[&'static str],
    ) -> Result<Self> {
        let staged = "CREATE SCHEMA staged; GRANT USAGE ON SCHEMA staged TO billing_app; \
                      CREATE TABLE staged.took (rows BIGINT, seconds FLOAT8); \
                      GRANT INSERT ON staged.took TO billing_app";
        query(server, "postgres", database, staged)?;
        let mut made = Vec::new();
        for name in tables {
            let sql = format!(
                "CREATE UNLOGGED TABLE staged.{name} (LIKE public.{name}); \
                 ALTER TABLE staged.{name} ADD turn INT; \
                 CREATE INDEX ON staged.{name} (turn); \
                 GRANT SELECT ON staged.{name} TO billing_app; \
                 SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute \
                 WHERE attrelid = 'public.{name}'::regclass AND attnum > 0 \
                 AND NOT attisdropped ORDER BY attnum"
            );
            let found = query(server, "postgres", database, &sql)?;
            let pairs = found.lines().filter_map(|line| line.split_once('|'));
            let columns = pairs.map(|(name, kind)| (name.to_owned(), kind.to_owned())).collect();
            made.push(Table { name, columns });
        }
        Ok(Self { server, database, tables: made })
    }

    /// Forgets what is staged.
    pub fn clear(&self) -> Result<()> {
        for Table { name, .. } in &self.tables {
            query(self.server, "postgres", self.database, &format!("TRUNCATE staged.{name}"))?;
        }
        Ok(())
    }

    /// Stages the rows of a query in another database, whose last column is the transaction.
    pub fn stage(&self, from: (&str, &str), table: &str) -> Result<()> {
        copy(self.server, from, (self.database, &format!("staged.{table}")))
    }

    /// Inserts what is staged, in transactions up to the one numbered `last`.
    pub fn insert(&self, last: u32, tenant: Uuid) -> Result<Inserted> {
        // Not the tables themselves: one known to be empty is read through for every key that is
        // checked, and the plan stays for the session while the table grows.
        let staged: Vec<String> =
            self.tables.iter().map(|table| format!("staged.{}", table.name)).collect();
        let ready = format!("ANALYZE {}; TRUNCATE staged.took", staged.join(", "));
        query(self.server, "postgres", self.database, &ready)?;
        query(self.server, "billing_app", self.database, &self.block(last, tenant))?;
        let took = "SELECT rows, seconds FROM staged.took";
        let took = query(self.server, "postgres", self.database, took)?;
        let (rows, seconds) = took.split_once('|').context("how long it took")?;
        Ok(Inserted { rows: rows.parse()?, seconds: seconds.parse()? })
    }

    /// The inserts, in a loop that the server runs by itself.
    fn block(&self, last: u32, tenant: Uuid) -> String {
        let (mut declared, mut arrays, mut inserts) = (String::new(), String::new(), String::new());
        for Table { name: table, columns } in &self.tables {
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
