//! Doing billing's half of an import, chunk by chunk: each chunk is one transaction that also notes
//! the progress.

use super::{
    FeeImport, ImportState, links, repo, settings,
    source::{Source, SourceError},
};
use crate::{error::Refused, estates, say};
use authz::Denied;
use chrono::Duration;
use contracts::{ImportId, billing::FeesImported};
use db::{ClaimedJob, Db, JobEnd, JobKind};
use errors::{Code, Coded as _};
use ids::TenantId;
use runtime::{Job, JobHandler};
use service_http::Peers;
use tokio_util::sync::CancellationToken;

/// The kind of the job.
pub(super) const KIND: JobKind = JobKind("fee_import");

/// How many links are taken in one transaction.
pub(super) const CHUNK: usize = 500;

/// The worker that takes fees in.
pub(crate) fn job(db: Db, peers: Peers) -> Job {
    Job::new(KIND, TakeFees { db, peers })
}

pub(super) struct TakeFees {
    pub(super) db: Db,
    pub(super) peers: Peers,
}

/// Why a turn ended early.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stopped {
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Identity has not told of the estate yet.
    #[error("the estate is not known yet")]
    EstateUnknown,
}

impl From<db::StorageError> for Stopped {
    fn from(error: db::StorageError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<Denied> for Stopped {
    fn from(denied: Denied) -> Self {
        Self::Refused(denied.into())
    }
}

impl From<sheets::SheetError> for Stopped {
    fn from(error: sheets::SheetError) -> Self {
        Self::Source(error.into())
    }
}

impl Stopped {
    /// Whether it goes away by itself.
    fn may_pass(&self) -> bool {
        match self {
            Self::Source(SourceError::Away) | Self::EstateUnknown => true,
            Self::Source(_) => false,
            Self::Refused(refused) => refused.code() == Code::Unavailable || refused.is_race(),
        }
    }

    /// What the import says about it.
    fn shown(&self) -> String {
        let text = match self {
            Self::Refused(refused) if !refused.code().is_public() => refused.code().text(),
            Self::Refused(refused) => refused.text(),
            Self::Source(SourceError::Away) => say::file_away(),
            Self::Source(_) => say::file_unreadable(),
            Self::EstateUnknown => say::estate_unknown(),
        };
        text.bilingual()
    }
}

#[async_trait::async_trait]
impl JobHandler for TakeFees {
    async fn run(&self, job: &ClaimedJob, stop: &CancellationToken) -> JobEnd {
        let id = ImportId::from_uuid(job.id);
        match self.work(job.tenant, id, stop).await {
            Ok(true) => JobEnd::Done,
            Ok(false) => JobEnd::RetryIn(Duration::zero()),
            Err(stopped) if stopped.may_pass() => {
                tracing::warn!(%stopped, import.id = %id, "taking fees in is tried again");
                JobEnd::RetryIn(Duration::seconds(2))
            }
            Err(stopped) => {
                tracing::error!(error = ?stopped, import.id = %id, "fees could not be taken in");
                match self.fail(job.tenant, id, &stopped).await {
                    Ok(()) => JobEnd::Failed,
                    Err(_) => JobEnd::RetryIn(Duration::seconds(2)),
                }
            }
        }
    }
}

impl TakeFees {
    /// Does what is left; `false` when `stop` rang before the end.
    pub(super) async fn work(
        &self,
        tenant: TenantId,
        id: ImportId,
        stop: &CancellationToken,
    ) -> Result<bool, Stopped> {
        let scope = self.db.read(tenant).await?;
        let import = repo::one(&scope, id).await?.ok_or(Denied::Hidden)?;
        let estate = estates::find(&scope, import.estate).await?;
        drop(scope);
        if import.state != ImportState::Running {
            return Ok(true);
        }
        estate.ok_or(Stopped::EstateUnknown)?;
        let source = Source::fetch(&self.peers, tenant, &import).await?;
        let contents = source.contents().await?;
        if import.total == 0 {
            self.begin(tenant, id, &contents).await?;
        }
        let mut chunks = source.links(CHUNK);
        let mut before = 0;
        while let Some(chunk) = chunks.recv().await {
            let chunk = chunk?;
            let known = before < import.done;
            before += count(chunk.len());
            if known {
                continue;
            }
            let scope = self.db.write(tenant).await?;
            let mut import = repo::lock(&scope, id).await?.ok_or(Denied::Hidden)?;
            let findings = links::take(&scope, &mut import, &contents.mapping, &chunk).await?;
            import.done = before;
            repo::save(&scope, &import).await?;
            tell(&scope, &import, &findings).await?;
            scope.commit().await?;
            // After a chunk, so that every turn gets on.
            if stop.is_cancelled() {
                return Ok(false);
            }
        }
        self.end(tenant, id).await.map(|()| true)
    }

    async fn begin(
        &self,
        tenant: TenantId,
        id: ImportId,
        contents: &super::source::Contents,
    ) -> Result<(), Stopped> {
        let scope = self.db.write(tenant).await?;
        let mut import = repo::lock(&scope, id).await?.ok_or(Denied::Hidden)?;
        import.items = settings::take(&scope, &import, &contents.settings).await?;
        import.total = contents.links;
        repo::save(&scope, &import).await?;
        Ok(scope.commit().await?)
    }

    async fn end(&self, tenant: TenantId, id: ImportId) -> Result<(), Stopped> {
        let scope = self.db.write(tenant).await?;
        let mut import = repo::lock(&scope, id).await?.ok_or(Denied::Hidden)?;
        let anything = import.proposed > 0;
        import.state = if anything { ImportState::Proposed } else { ImportState::Unchanged };
        repo::save(&scope, &import).await?;
        tell(&scope, &import, &[]).await?;
        Ok(scope.commit().await?)
    }

    async fn fail(&self, tenant: TenantId, id: ImportId, stopped: &Stopped) -> Result<(), Stopped> {
        let scope = self.db.write(tenant).await?;
        let mut import = repo::lock(&scope, id).await?.ok_or(Denied::Hidden)?;
        import.state = ImportState::Failed;
        import.failure = Some(stopped.shown());
        repo::save(&scope, &import).await?;
        tell(&scope, &import, &[]).await?;
        Ok(scope.commit().await?)
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Tells residents, which shows the user one list of findings.
async fn tell(
    scope: &db::TenantScope,
    import: &FeeImport,
    findings: &[sheets::Finding],
) -> Result<(), Stopped> {
    let ended = import.state != ImportState::Running;
    if findings.is_empty() && !ended {
        return Ok(());
    }
    let findings = findings.iter().map(db::stored::json).collect::<Result<_, _>>()?;
    let failure = import.failure.clone();
    let event = FeesImported { import: import.id, findings, ended, failure };
    events::publish(scope, &event).await?;
    Ok(())
}
