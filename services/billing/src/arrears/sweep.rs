//! What no act brings about: a day passes, and what was due on it is overdue.

use super::{note, repo};
use crate::estates::Estate;
use db::{Db, StorageError};
use ids::TenantId;
use tokio_util::sync::CancellationToken;

/// Tells of every unit of an estate whose arrears are not what was told of them last, and so of all
/// that were in arrears before anybody asked; `false` when `stop` rang before the end.
///
/// # Errors
/// When the database fails.
pub(crate) async fn sweep(
    db: &Db,
    tenant: TenantId,
    estate: &Estate,
    stop: &CancellationToken,
) -> Result<bool, StorageError> {
    for behind in [true, false] {
        loop {
            if stop.is_cancelled() {
                return Ok(false);
            }
            let scope = db.write(tenant).await?;
            let today = estate.today(scope.clock());
            let units = if behind {
                repo::beginning(&scope, estate.id, today).await?
            } else {
                repo::ceasing(&scope, estate.id, today).await?
            };
            if units.is_empty() {
                break;
            }
            // Another sweep may have told of some between the look and the hold.
            let units = if behind { repo::untold(&scope, units).await? } else { units };
            if !units.is_empty() {
                note(&scope, estate.id, (&units, behind)).await?;
            }
            scope.commit().await?;
        }
    }
    Ok(true)
}
