//! Versions in and out.

use db::{Db, StorageError, TenantScope};
use ids::TenantId;
use sea_orm::FromQueryResult;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Version {
    version: i64,
}

/// A company whose policy changed, and at which version.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Changed {
    pub tenant_id: Uuid,
    pub version: i64,
}

/// Gives the company's policy a new version, visible when the transaction commits. Call it last:
/// other companies' changes wait for the commit.
pub async fn bump(scope: &TenantScope) -> Result<(), StorageError> {
    let head = "UPDATE policy_changes SET version = version + 1 WHERE tenant_id = $2 AND $1 <> $2";
    scope.execute(head, [Uuid::nil().into()]).await?;
    let mine = "INSERT INTO policy_changes (tenant_id, version) \
                SELECT $1, version FROM policy_changes WHERE tenant_id = $2 \
                ON CONFLICT (tenant_id) DO UPDATE SET version = excluded.version";
    scope.execute(mine, [Uuid::nil().into()]).await.map(drop)
}

/// Makes every service ask again although no company changed, e.g. for a new signing key.
pub async fn bump_all(db: &Db) -> Result<(), StorageError> {
    let sql = "UPDATE policy_changes SET version = version + 1 WHERE tenant_id = $1";
    db.worker().execute(sql, [Uuid::nil().into()]).await.map(drop)
}

/// The newest version.
pub async fn head(db: &Db) -> Result<i64, StorageError> {
    let sql = "SELECT version FROM policy_changes WHERE tenant_id = $1";
    let rows: Vec<Version> = db.worker().rows(sql, [Uuid::nil().into()]).await?;
    Ok(rows.first().map_or(0, |row| row.version))
}

/// The companies that changed after a version, oldest change first, at most `limit`.
pub async fn changed_after(
    db: &Db,
    after: i64,
    limit: usize,
) -> Result<Vec<(TenantId, i64)>, StorageError> {
    let sql = "SELECT tenant_id, version FROM policy_changes \
               WHERE version > $1 AND tenant_id <> $2 ORDER BY version LIMIT $3";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values = [after.into(), Uuid::nil().into(), limit.into()];
    let rows: Vec<Changed> = db.worker().rows(sql, values).await?;
    Ok(rows.into_iter().map(|row| (TenantId::from_uuid(row.tenant_id), row.version)).collect())
}
