//! One opaque failure for everything that goes wrong below a repository.

use errors::{Code, Coded};
use sea_orm::{DbErr, RuntimeErr, SqlErr};
use texts::Text;

/// Storage failed. Callers may pass it on; only the log shows what is inside.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct StorageError(Cause);

#[derive(Debug, thiserror::Error)]
enum Cause {
    #[error(transparent)]
    Db(DbErr),
    #[error("{1}")]
    Refused(Code, Text),
}

impl From<DbErr> for StorageError {
    fn from(error: DbErr) -> Self {
        Self(Cause::Db(error))
    }
}

impl StorageError {
    /// A row holds something that this version of the code cannot read.
    pub fn unreadable(what: impl Into<String>) -> Self {
        DbErr::Type(what.into()).into()
    }

    /// A rule that rows must meet whoever writes them is not met, e.g. that nothing is written into
    /// a closed month; callers are told `text`.
    pub fn refused(code: Code, text: Text) -> Self {
        Self(Cause::Refused(code, text))
    }

    /// Whether the database's own words contain these, e.g. those of a trigger.
    pub fn says(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    /// Whether the statement broke a unique key, e.g. because somebody else was faster.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
            || self.text().contains("UNIQUE constraint failed")
    }

    /// Whether the statement pointed to a row that does not exist.
    pub fn is_foreign_key_violation(&self) -> bool {
        matches!(self.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_)))
            || self.text().contains("FOREIGN KEY constraint failed")
    }

    /// Whether the database itself could not be reached, so that a repeat may succeed.
    pub fn is_unavailable(&self) -> bool {
        let Cause::Db(error) = &self.0 else { return false };
        match error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
            DbErr::Exec(RuntimeErr::SqlxError(_)) | DbErr::Query(RuntimeErr::SqlxError(_)) => {
                let text = self.text();
                UNREACHABLE.iter().any(|sign| text.contains(sign))
            }
            _ => false,
        }
    }

    fn sql_err(&self) -> Option<SqlErr> {
        match &self.0 {
            Cause::Db(error) => error.sql_err(),
            Cause::Refused(..) => None,
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
        match &self.0 {
            Cause::Refused(code, _) => *code,
            Cause::Db(_) if self.is_unavailable() => Code::Unavailable,
            Cause::Db(_) => Code::Internal,
        }
    }
    fn text(&self) -> Text {
        match &self.0 {
            Cause::Refused(_, text) => text.clone(),
            Cause::Db(_) => self.code().text(),
        }
    }
    fn retry_after_seconds(&self) -> Option<u64> {
        self.is_unavailable().then_some(1)
    }
}
