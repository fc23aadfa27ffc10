//! System tables: the reviewed list of what is not filtered by company.

use crate::{
    DbKind, StorageError,
    pool::Inner,
    scope::{begin_immediate, begin_whole},
    trace,
};
use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    FromQueryResult, Statement, TransactionOptions, Value,
};
use std::sync::Arc;
use tokio::sync::OwnedMutexGuard;
use tracing::Instrument as _;

/// Every table a worker may name: routing data only, ids and states. Reviewed; a new one needs an
/// entry here and in the migration that makes it.
const SYSTEM_TABLES: &[&str] = &[
    "outbox",
    "inbox",
    "jobs",
    "companies",
    "platform_operators",
    "signing_keys",
    "webhook_inbox",
    "merchant_directory",
    "document_codes",
    "policy_changes",
    "sign_in_throttle",
];

/// Access to the system tables, as a role that sees nothing else.
#[derive(Clone)]
pub struct Worker(Arc<Inner>);

/// A system-table row that leads to a company's own row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Routed {
    /// The company.
    pub tenant_id: uuid::Uuid,
    /// The company's row.
    pub id: uuid::Uuid,
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Worker")
    }
}

impl Worker {
    pub(crate) fn new(inner: Arc<Inner>) -> Self {
        Self(inner)
    }

    /// Runs one query on system tables.
    ///
    /// # Errors
    /// When it fails.
    ///
    /// # Panics
    /// When it names another table.
    pub async fn rows<T: FromQueryResult>(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value> + Send,
    ) -> Result<Vec<T>, StorageError> {
        let found = self.0.worker.query_all_raw(self.statement(sql, values));
        let rows = found.instrument(trace::hand_written(sql)).await?;
        Ok(rows.iter().map(|row| T::from_query_result(row, "")).collect::<Result<_, DbErr>>()?)
    }

    /// Runs one statement on system tables in a transaction of its own and returns its rows, if
    /// it has a `RETURNING`.
    ///
    /// # Errors
    /// When it fails.
    ///
    /// # Panics
    /// When it names another table.
    pub async fn change<T: FromQueryResult>(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value> + Send,
    ) -> Result<Vec<T>, StorageError> {
        let statement = self.statement(sql, values);
        let (tx, _writer) = self.begin().await?;
        let rows = tx.query_all_raw(statement).instrument(trace::hand_written(sql)).await?;
        let rows =
            rows.iter().map(|row| T::from_query_result(row, "")).collect::<Result<_, DbErr>>()?;
        tx.commit().await?;
        Ok(rows)
    }

    /// Runs one statement on system tables and says how many rows it changed.
    ///
    /// # Errors
    /// When it fails.
    ///
    /// # Panics
    /// When it names another table.
    pub async fn execute(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value> + Send,
    ) -> Result<u64, StorageError> {
        let statement = self.statement(sql, values);
        let (tx, _writer) = self.begin().await?;
        let done = tx.execute_raw(statement).instrument(trace::hand_written(sql)).await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }

    pub(crate) fn connection(&self) -> &DatabaseConnection {
        &self.0.worker
    }

    /// The current instant.
    pub fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.0.clock.now()
    }

    /// Which database it is, for the few statements that differ.
    pub fn kind(&self) -> DbKind {
        self.0.kind
    }

    async fn begin(
        &self,
    ) -> Result<(DatabaseTransaction, Option<OwnedMutexGuard<()>>), StorageError> {
        Ok(match self.0.kind {
            DbKind::Postgres => {
                (begin_whole(&self.0.worker, TransactionOptions::default()).await?, None)
            }
            DbKind::Sqlite => {
                let guard = Arc::clone(&self.0.writer).lock_owned().await;
                (begin_immediate(&self.0.worker).await?, Some(guard))
            }
        })
    }

    fn statement(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
        if let Some(table) = foreign_table(sql) {
            panic!("`{table}` is not a system table: {sql}");
        }
        let backend = match self.0.kind {
            DbKind::Postgres => DbBackend::Postgres,
            DbKind::Sqlite => DbBackend::Sqlite,
        };
        Statement::from_sql_and_values(backend, sql, values)
    }
}

/// The first table of a statement that is neither a system table nor one of its own `WITH` names.
fn foreign_table(sql: &str) -> Option<String> {
    let words: Vec<&str> = sql
        .split(|c: char| c.is_whitespace() || "(),;".contains(c))
        .filter(|word| !word.is_empty())
        .collect();
    let own: Vec<&str> = words
        .windows(2)
        .filter(|pair| pair[1].eq_ignore_ascii_case("as"))
        .map(|pair| pair[0])
        .collect();
    words
        .windows(2)
        .filter(|pair| {
            ["from", "join", "into", "update"].contains(&pair[0].to_lowercase().as_str())
        })
        .map(|pair| pair[1])
        .find(|name| {
            !SYSTEM_TABLES.contains(name)
                && !own.contains(name)
                && !["set", "skip", "select"].contains(&name.to_lowercase().as_str())
        })
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::foreign_table;

    #[test]
    fn a_worker_may_name_system_tables_and_its_own_with_names() {
        assert_eq!(foreign_table("SELECT * FROM outbox WHERE position IS NULL"), None);
        assert_eq!(
            foreign_table(
                "WITH next AS (SELECT seq FROM outbox) UPDATE outbox SET x = 1 FROM next"
            ),
            None
        );
        assert_eq!(foreign_table("SELECT id FROM jobs FOR UPDATE SKIP LOCKED"), None);
    }

    #[test]
    fn a_companys_table_is_refused() {
        assert_eq!(foreign_table("SELECT * FROM people"), Some("people".to_owned()));
        assert_eq!(
            foreign_table("SELECT 1 FROM outbox JOIN events e ON true"),
            Some("events".to_owned())
        );
    }
}
