//! Reading a file in the background: the dry run.

use super::{Import, ImportState, reading::read_apart, repo};
use crate::{ResidentsError, graphql::State};
use contracts::ImportId;
use db::{Db, TenantScope};
use ids::TenantId;
use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// How often it is noted how many rows were read.
const NOTE: Duration = Duration::from_secs(1);

/// Reads the file of an import and keeps what there is to say about it; `false` when `stop` rang
/// before the end.
///
/// # Errors
/// [`ResidentsError`].
pub async fn dry_run(
    db: &Db,
    state: &State,
    tenant: TenantId,
    import: Import,
    stop: &CancellationToken,
) -> Result<bool, ResidentsError> {
    let bytes = state.files.read(tenant, import.file.as_uuid()).await?;
    let rows = Arc::new(AtomicI64::new(0));
    let mut reading = pin!(read_apart(bytes, import.file_name, import.mapping, Arc::clone(&rows)));
    let read = loop {
        tokio::select! {
            read = &mut reading => break read?,
            () = stop.cancelled() => return Ok(false),
            () = tokio::time::sleep(NOTE) => {
                note(db, tenant, import.id, rows.load(Ordering::Relaxed)).await?;
            }
        }
    };
    let scope = db.write(tenant).await?;
    if let Some(mut now) = reading_still(&scope, import.id).await? {
        now.state = ImportState::Analysed;
        now.counts = read.counts();
        now.left_out = read.left_out();
        (now.done, now.total) = (0, read.rows);
        repo::save(&scope, &now).await?;
        repo::save_findings(&scope, now.id, read.findings.as_slice()).await?;
    }
    scope.commit().await?;
    Ok(true)
}

async fn note(db: &Db, tenant: TenantId, id: ImportId, read: i64) -> Result<(), ResidentsError> {
    let scope = db.write(tenant).await?;
    if let Some(mut now) = reading_still(&scope, id).await? {
        now.done = read;
        repo::save(&scope, &now).await?;
    }
    Ok(scope.commit().await?)
}

async fn reading_still(
    scope: &TenantScope,
    id: ImportId,
) -> Result<Option<Import>, ResidentsError> {
    let found = repo::lock(scope, id.as_uuid()).await?;
    Ok(found.filter(|now| now.state == ImportState::Reading))
}
