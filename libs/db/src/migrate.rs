//! Bringing a database to the schema of this version.

use crate::{StorageError, pool, statistics};
use sea_orm::{ConnectionTrait as _, Database, DbBackend, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, MigratorTraitSelf, SchemaManager};

/// One step of a schema, in SQL that both databases read.
///
/// `{SERIAL}` becomes the database's growing integer key, and text between a line
/// `-- postgres` or `-- sqlite` and the next `-- end` goes to that database alone.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Time stamp and sentence, e.g. `20261123090000_companies_and_estates`; steps run in its order.
    pub name: &'static str,
    /// Creates.
    pub up: &'static str,
    /// Undoes `up`.
    pub down: &'static str,
    /// New tables whose rows belong to a company: row-level security and grants follow.
    pub tenant_tables: &'static [&'static str],
    /// Those of them whose rows are never changed or deleted: the database refuses both.
    pub append_only: &'static [&'static str],
    /// New tables of the reviewed list (see [`crate::Worker`]): the worker role sees all rows, the
    /// application role those of its company, or all where the table has no company.
    pub system_tables: &'static [SystemTable],
}

/// A system table and whether its rows name a company.
#[derive(Clone, Copy, Debug)]
pub struct SystemTable {
    /// The table.
    pub name: &'static str,
    /// Whether it has a `tenant_id`.
    pub has_tenant: bool,
}

/// The tables that every service has: event log, routing, audit, idempotency, jobs.
pub fn foundation() -> Migration {
    const fn system(name: &'static str, has_tenant: bool) -> SystemTable {
        SystemTable { name, has_tenant }
    }
    Migration {
        name: "20261101000000_foundation",
        up: include_str!("foundation.sql"),
        down: "DROP TABLE outbox; DROP TABLE inbox; DROP TABLE jobs; DROP TABLE events; \
               DROP TABLE audit_log; DROP TABLE idempotency_keys;",
        tenant_tables: &["events", "audit_log", "idempotency_keys"],
        append_only: &["events", "audit_log", "idempotency_keys"],
        system_tables: const { &[system("outbox", true), system("inbox", false), system("jobs", true)] },
    }
}

/// Whether a job was asked for while somebody was at it.
const fn jobs_again() -> Migration {
    Migration {
        name: "20261127080000_jobs_again",
        up: "ALTER TABLE jobs ADD COLUMN again BOOLEAN NOT NULL DEFAULT FALSE;",
        down: "ALTER TABLE jobs DROP COLUMN again;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}

/// Looking for work meets neither what waits for later nor what somebody is at.
const fn jobs_by_time() -> Migration {
    Migration {
        name: "20261201000050_jobs_by_time",
        up: "CREATE INDEX jobs_queued ON jobs (kind, run_after) WHERE state = 'queued';
             CREATE INDEX jobs_leased ON jobs (kind, leased_until) WHERE state = 'running';
             DROP INDEX jobs_open;",
        down:
            "CREATE INDEX jobs_open ON jobs (kind, run_after) WHERE state IN ('queued', 'running');
               DROP INDEX jobs_leased; DROP INDEX jobs_queued;",
        tenant_tables: &[],
        append_only: &[],
        system_tables: &[],
    }
}

/// Applies what is missing, as the owner of the database behind `url`.
///
/// On PostgreSQL the roles `<service>_app` and `<service>_worker` must exist, a hyphen in the
/// service's name written `_`.
///
/// # Errors
/// When a step fails; PostgreSQL then keeps nothing of that step.
pub async fn migrate(url: &str, service: &str, steps: &[Migration]) -> Result<(), StorageError> {
    let db = Database::connect(pool::options(url, 1, true)).await?;
    let service = service.replace('-', "_");
    if db.get_database_backend() == DbBackend::Postgres {
        // A waiting DDL statement blocks everybody behind it: give up rather than queue.
        db.execute_unprepared("SET lock_timeout = '2s'; SELECT pg_advisory_lock(7301)").await?;
        let grant = format!("GRANT USAGE ON SCHEMA public TO {service}_app, {service}_worker");
        db.execute_unprepared(&grant).await?;
    }
    let mut steps: Vec<Migration> =
        [foundation(), jobs_again(), jobs_by_time(), statistics::migration()]
            .into_iter()
            .chain(steps.iter().copied())
            .collect();
    steps.sort_by_key(|step| step.name);
    let tables: Vec<&str> = steps.iter().flat_map(|step| step.append_only).copied().collect();
    let mut outcome = Steps { service, steps }.up(&db, None).await;
    if outcome.is_ok() && db.get_database_backend() == DbBackend::Sqlite {
        outcome = db.execute_unprepared(&refuse_replacing(&tables)).await.map(drop);
    }
    db.close().await?;
    Ok(outcome?)
}

struct Steps {
    service: String,
    steps: Vec<Migration>,
}

impl MigratorTraitSelf for Steps {
    fn migrations(&self) -> Vec<Box<dyn MigrationTrait>> {
        let step = |migration: &Migration| -> Box<dyn MigrationTrait> {
            Box::new(Step { service: self.service.clone(), migration: *migration })
        };
        self.steps.iter().map(step).collect()
    }
}

struct Step {
    service: String,
    migration: Migration,
}

impl MigrationName for Step {
    fn name(&self) -> &str {
        self.migration.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let backend = db.get_database_backend();
        let mut sql = for_backend(self.migration.up, backend);
        let protect = match backend {
            DbBackend::Postgres => protect_postgres(&self.service, &self.migration),
            _ => protect_sqlite(&self.migration),
        };
        sql.push_str(&protect);
        db.execute_unprepared(&sql).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let sql = for_backend(self.migration.down, db.get_database_backend());
        db.execute_unprepared(&sql).await.map(drop)
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn for_backend(sql: &str, backend: DbBackend) -> String {
    let (mine, serial) = match backend {
        DbBackend::Postgres => ("-- postgres", "BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY"),
        _ => ("-- sqlite", "INTEGER PRIMARY KEY AUTOINCREMENT"),
    };
    let mut out = String::with_capacity(sql.len());
    let mut keep = true;
    for line in sql.lines() {
        match line.trim() {
            "-- end" => keep = true,
            mark @ ("-- postgres" | "-- sqlite") => keep = mark == mine,
            _ if keep => {
                out.push_str(&line.replace("{SERIAL}", serial));
                out.push('\n');
            }
            _ => {}
        }
    }
    out
}

const TENANT_IS_CURRENT: &str =
    "tenant_id = (SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid)";

fn protect_postgres(service: &str, migration: &Migration) -> String {
    use std::fmt::Write as _;
    let (app, worker) = (format!("{service}_app"), format!("{service}_worker"));
    let mut sql = String::new();
    for table in migration.tenant_tables {
        let append_only = migration.append_only.contains(table);
        let rights = if append_only { "SELECT, INSERT" } else { "SELECT, INSERT, UPDATE, DELETE" };
        let _ = writeln!(
            sql,
            "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n\
             CREATE POLICY tenant ON {table} USING ({TENANT_IS_CURRENT}) WITH CHECK ({TENANT_IS_CURRENT});\n\
             GRANT {rights} ON {table} TO {app};"
        );
    }
    for table in migration.append_only {
        let _ = writeln!(
            sql,
            "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} \
             FOR EACH ROW EXECUTE FUNCTION refuse_change();"
        );
    }
    for SystemTable { name, has_tenant } in migration.system_tables {
        let visible = if *has_tenant { TENANT_IS_CURRENT } else { "true" };
        let _ = writeln!(
            sql,
            "ALTER TABLE {name} ENABLE ROW LEVEL SECURITY; ALTER TABLE {name} FORCE ROW LEVEL SECURITY;\n\
             CREATE POLICY app ON {name} TO {app} USING ({visible}) WITH CHECK ({visible});\n\
             CREATE POLICY worker ON {name} TO {worker} USING (true) WITH CHECK (true);\n\
             GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {app}, {worker};"
        );
    }
    sql
}

fn protect_sqlite(migration: &Migration) -> String {
    use std::fmt::Write as _;
    let mut sql = String::new();
    for table in migration.append_only {
        for act in ["UPDATE", "DELETE"] {
            let _ = writeln!(
                sql,
                "CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} \
                 BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;"
            );
        }
    }
    sql
}

/// SQLite deletes the row that `INSERT OR REPLACE` writes over without asking a trigger of deletion,
/// unless the connection wants it. So every row that is added to a table that is only added to is
/// offered to one that takes none: what a statement says of clashes holds inside its triggers as well,
/// so that with `REPLACE` it gives up there, while `INSERT` with or without `ON CONFLICT` goes on.
///
/// No step of the schema, because the tables of earlier steps need it too; saying it again changes
/// nothing.
fn refuse_replacing(tables: &[&str]) -> String {
    use std::fmt::Write as _;
    let mut sql = "CREATE TABLE IF NOT EXISTS replaced \
                   (found INTEGER CONSTRAINT rows_are_not_replaced CHECK (FALSE));\n"
        .to_owned();
    for table in tables {
        let _ = writeln!(
            sql,
            "CREATE TRIGGER IF NOT EXISTS {table}_no_REPLACE BEFORE INSERT ON {table} \
             BEGIN INSERT OR IGNORE INTO replaced VALUES (1); END;"
        );
    }
    sql
}
