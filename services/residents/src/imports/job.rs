//! The background work of an import.

use super::{ImportState, act, apply::Work, domain::settle, repo};
use crate::{ResidentsError, graphql::State};
use chrono::Duration;
use contracts::{ImportId, residents::RosterImported};
use db::{ClaimedJob, Db, JobEnd, JobKind};
use errors::{Code, Coded as _};
use ids::TenantId;
use runtime::{Job, JobHandler};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// The kind of the job.
pub const KIND: JobKind = JobKind("roster_import");

struct Handler {
    db: Db,
    state: State,
}

/// The job that does imports.
pub(crate) fn job(db: Db, state: State) -> Job {
    Job { kind: KIND, handler: Arc::new(Handler { db, state }) }
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
                tracing::error!(import.id = %id, error = ?error, "an import failed");
                match fail(&self.db, job.tenant, id, &error).await {
                    Ok(()) => JobEnd::Failed,
                    Err(_) => JobEnd::RetryIn(Duration::seconds(5)),
                }
            }
        }
    }
}

async fn fail(
    db: &Db,
    tenant: TenantId,
    id: ImportId,
    error: &ResidentsError,
) -> Result<(), ResidentsError> {
    let scope = db.write(tenant).await?;
    if let Some(mut import) = repo::lock(&scope, id.as_uuid()).await? {
        import.state = ImportState::Failed;
        let public = error.code().is_public();
        let text = if public { error.text() } else { error.code().text() };
        import.failure = Some(text.bilingual());
        repo::save(&scope, &import).await?;
    }
    Ok(scope.commit().await?)
}

/// Does what is left, each chunk in a transaction of its own that also notes how far it is;
/// `false` when `stop` rang before the end.
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
    if import.state != ImportState::Running {
        return Ok(true);
    }
    let key = state.keys.of(db, tenant).await?;
    let bytes = state.files.read(tenant, import.file.as_uuid()).await?;
    let mapping = Some(import.mapping.clone());
    let mut reading = act::read_apart(bytes, import.file_name.clone(), mapping).await?;
    settle(&mut reading.roster, &reading.findings, &import.choices);
    let work = Work::new(&key, &import, &reading.roster);
    let steps = work.steps();
    let from = usize::try_from(import.done).unwrap_or(0).min(steps.len());
    for (at, step) in steps.iter().enumerate().skip(from) {
        if stop.is_cancelled() {
            return Ok(false);
        }
        let scope = db.write(tenant).await?;
        work.apply(&scope, step).await?;
        let mut now = repo::lock(&scope, id.as_uuid()).await?.ok_or(ResidentsError::not_found())?;
        now.done = i64::try_from(at + 1).unwrap_or(i64::MAX);
        now.total = i64::try_from(steps.len()).unwrap_or(i64::MAX);
        if at + 1 == steps.len() {
            now.state = ImportState::Done;
            // Every unit's event stands before this one.
            let event = RosterImported {
                import: id,
                estate: import.estate,
                file: import.file,
                cut_over: import.cut_over,
                requested_by: import.requested_by.clone(),
            };
            events::publish(&scope, &event).await?;
        }
        repo::save(&scope, &now).await?;
        scope.commit().await?;
    }
    Ok(true)
}
