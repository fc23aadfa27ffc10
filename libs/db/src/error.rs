//! One opaque failure for everything that goes wrong below a repository.

use errors::{Code, Coded};
use sea_orm::{DbErr, RuntimeErr, SqlErr};
use texts::Text;

/// Storage failed. Callers may pass it on; only the log shows what is inside.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct StorageError(#[from] DbErr);

impl StorageError {
    /// A row holds something that this version of the code cannot read.
    pub fn unreadable(what: impl Into<String>) -> Self {
        Self(DbErr::Type(what.into()))
    }

    /// Whether the statement broke a unique key, e.g. because somebody else was faster.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self.0.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
            || self.text().contains("UNIQUE constraint failed")
    }

    /// Whether the statement pointed to a row that does not exist.
    pub fn is_foreign_key_violation(&self) -> bool {
        matches!(self.0.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_)))
            || self.text().contains("FOREIGN KEY constraint failed")
    }

    /// Whether the database itself could not be reached, so that a repeat may succeed.
    pub fn is_unavailable(&self) -> bool {
        match &self.0 {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
            DbErr::Exec(RuntimeErr::SqlxError(_)) | DbErr::Query(RuntimeErr::SqlxError(_)) => {
                let text = self.text();
                UNREACHABLE.iter().any(|sign| text.contains(sign))
            }
            _ => false,
        }
    }

    fn text(&self) -> String {
        self.0.to_string()
    }
}

/// How the drivers word a lost or refused connection.
const UNREACHABLE: [&str; 11] = [
    "error communicating with database",
    "expected to read",
    "pool timed out",
    "Connection refused",
    "Connection reset",
    "Broken pipe",
    "terminating connection",
    "the database system is",
    "closed the connection",
    "database is locked",
    "UnexpectedEof",
];

impl Coded for StorageError {
    fn code(&self) -> Code {
        if self.is_unavailable() { Code::Unavailable } else { Code::Internal }
    }
    fn text(&self) -> Text {
        self.code().text()
    }
    fn retry_after_seconds(&self) -> Option<u64> {
        self.is_unavailable().then_some(1)
    }
}
