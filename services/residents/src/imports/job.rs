//! The background work of an import.

use super::{
    Doubt, Import, ImportState, Row,
    apply::Work,
    dry_run::dry_run,
    read_roster,
    reading::{apart, open},
    repo, settle,
};
use crate::{ResidentsError, graphql::State};
use chrono::Duration;
use contracts::{ImportId, MAX_BATCH, residents::RosterImported};
use db::{ClaimedJob, Db, JobEnd, JobKind, StorageError};
use errors::{Code, Coded as _};
use ids::TenantId;
use runtime::{Job, JobHandler};
use sheets::Findings;
use tokio_util::sync::CancellationToken;

/// The kind of the job.
pub const KIND: JobKind = JobKind("roster_import");

struct Handler {
    db: Db,
    state: State,
}

/// The job that does imports.
pub(crate) fn job(db: Db, state: State) -> Job {
    Job::new(KIND, Handler { db, state })
}

#[async_trait::async_trait]
impl JobHandler for Handler {
    async fn run(&self, job: &ClaimedJob, stop: &CancellationToken) -> JobEnd {
        let id = ImportId::from_uuid(job.id);
        match work(&self.db, &self.state, job.tenant, id, stop).await {
            Ok(true) => JobEnd::Done,
            Ok(false) => JobEnd::RetryIn(Duration::zero()),
            Err(error) if error.code() == Code::Unavailable => {
                JobEnd::RetryIn(Duration::seconds(5))
            }
            Err(error) => {
                if error.code().is_public() {
                    tracing::warn!(import.id = %id, %error, "an import's file is at fault");
                } else {
                    tracing::error!(import.id = %id, error = ?error, "an import failed");
                }
                match fail(&self.db, job.tenant, id, &error).await {
                    Ok(()) => JobEnd::Failed,
                    Err(_) => JobEnd::RetryIn(Duration::seconds(5)),
                }
            }
        }
    }
}

/// Notes why an import stopped.
///
/// # Errors
/// When it cannot be noted.
pub async fn fail(
    db: &Db,
    tenant: TenantId,
    id: ImportId,
    error: &ResidentsError,
) -> Result<(), ResidentsError> {
    let scope = db.write(tenant).await?;
    if let Some(mut import) = repo::lock(&scope, id.as_uuid()).await? {
        import.state = match import.state {
            ImportState::Reading => ImportState::Unreadable,
            _ => ImportState::Failed,
        };
        let public = error.code().is_public();
        let text = if public { error.text() } else { error.code().text() };
        import.failure = Some(text.bilingual());
        repo::save(&scope, &import).await?;
    }
    Ok(scope.commit().await?)
}

/// Does what is left: reads the file, or lets its rows in; `false` when `stop` rang before the end.
///
/// # Errors
/// [`ResidentsError`].
pub async fn work(
    db: &Db,
    state: &State,
    tenant: TenantId,
    id: ImportId,
    stop: &CancellationToken,
) -> Result<bool, ResidentsError> {
    let scope = db.read(tenant).await?;
    let import = repo::one(&scope, id.as_uuid()).await?.ok_or(ResidentsError::not_found())?;
    drop(scope);
    match import.state {
        ImportState::Reading => dry_run(db, state, tenant, import, stop).await,
        ImportState::Running => let_in(db, state, tenant, import, stop).await,
        _ => Ok(true),
    }
}

/// Each chunk in a transaction of its own that also notes how far it is.
async fn let_in(
    db: &Db,
    state: &State,
    tenant: TenantId,
    import: Import,
    stop: &CancellationToken,
) -> Result<bool, ResidentsError> {
    let id = import.id;
    let key = state.keys.of(db, tenant).await?;
    let bytes = state.files.read(tenant, import.file.as_uuid()).await?;
    let (name, mapping) = (import.file_name.clone(), import.mapping.clone());
    let (mut book, mapping) = apart(move || open(bytes.into(), &name, Some(mapping))).await?;
    // The same file in the same chunks each time: those that are done are passed over.
    let mut chunks =
        roster::chunks(MAX_BATCH, move |to: &mut roster::Chunks<(Row, Option<Doubt>)>| {
            // What is wrong was said by the dry run.
            let mut findings = Findings::default();
            read_roster(&mut book, &mapping, &mut findings, |row, doubt| to.push((row, doubt)))
        });
    let work = Work { key: &key, import: &import };
    let mut before = 0;
    while let Some(chunk) = chunks.recv().await {
        let chunk = chunk?;
        let known = before < import.done;
        before += i64::try_from(chunk.len()).unwrap_or(i64::MAX);
        if known {
            continue;
        }
        let rows = chunk.into_iter();
        let rows = rows.filter_map(|(row, doubt)| settle(row, doubt, &import.choices)).collect();
        let scope = db.write(tenant).await?;
        work.apply(&scope, rows).await?;
        let mut now = repo::lock(&scope, id.as_uuid()).await?.ok_or(ResidentsError::not_found())?;
        now.done = before;
        repo::save(&scope, &now).await?;
        scope.commit().await?;
        // After a chunk, so that every turn gets on.
        if stop.is_cancelled() {
            return Ok(false);
        }
    }
    end(db, tenant, &import).await.map(|()| true)
}

async fn end(db: &Db, tenant: TenantId, import: &Import) -> Result<(), ResidentsError> {
    let scope = db.write(tenant).await?;
    let id = import.id;
    let mut now = repo::lock(&scope, id.as_uuid()).await?.ok_or(ResidentsError::not_found())?;
    if now.state != ImportState::Running {
        return Ok(());
    }
    now.state = ImportState::Done;
    let mapping = serde_json::to_string(&import.mapping)
        .map_err(|error| StorageError::unreadable(error.to_string()))?;
    // Every unit's event stands before this one.
    let event = RosterImported {
        import: id,
        estate: import.estate,
        file: import.file,
        cut_over: import.cut_over,
        requested_by: import.requested_by.clone(),
        file_name: import.file_name.clone(),
        mapping: Some(mapping),
    };
    events::publish(&scope, &event).await?;
    repo::save(&scope, &now).await?;
    Ok(scope.commit().await?)
}
