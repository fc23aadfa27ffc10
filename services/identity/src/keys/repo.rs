//! Rows of signing keys.

use chrono::{DateTime, Utc};
use db::{Db, StorageError};
use sea_orm::FromQueryResult;

/// A key as stored.
#[derive(Clone, Debug, FromQueryResult)]
pub struct StoredKey {
    pub kid: String,
    /// The 32 public bytes, base64url.
    pub public: String,
    /// The wrapped private bytes, hex.
    pub wrapped: String,
    pub active_from: DateTime<Utc>,
}

/// Every key, newest first.
pub async fn all(db: &Db) -> Result<Vec<StoredKey>, StorageError> {
    let sql = "SELECT kid, public, wrapped, active_from FROM signing_keys \
               ORDER BY active_from DESC, kid DESC";
    db.worker().rows(sql, []).await
}

/// Keeps a new key.
pub async fn insert(db: &Db, key: StoredKey) -> Result<(), StorageError> {
    let sql = "INSERT INTO signing_keys (kid, public, wrapped, active_from) \
               VALUES ($1, $2, $3, $4)";
    let values = [key.kid.into(), key.public.into(), key.wrapped.into(), key.active_from.into()];
    db.worker().execute(sql, values).await.map(drop)
}
