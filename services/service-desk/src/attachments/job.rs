//! What is done with an uploaded file afterwards: it is scanned, and made small when it is a picture.

use super::{FileState, Verdict, domain::File, files_repo, scanner::ScanError, thumbnail::small};
use crate::{Refused, graphql::State};
use bytes::Bytes;
use chrono::Duration;
use contracts::FileId;
use db::{ClaimedJob, Db, JobEnd, JobKind};
use ids::TenantId;
use runtime::{Job, JobHandler};
use tokio_util::sync::CancellationToken;

/// The kind of the job.
pub(super) const KIND: JobKind = JobKind("attachment_file");

/// When it is tried again, after the scanner or the store did not answer.
const PAUSE: Duration = Duration::seconds(30);

struct Handler {
    db: Db,
    state: State,
}

/// The job that scans files and makes pictures small.
pub(crate) fn job(db: Db, state: State) -> Job {
    Job::new(KIND, Handler { db, state })
}

#[derive(Debug, thiserror::Error)]
enum Stopped {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Scan(#[from] ScanError),
}

#[async_trait::async_trait]
impl JobHandler for Handler {
    async fn run(&self, job: &ClaimedJob, _stop: &CancellationToken) -> JobEnd {
        let id = FileId::from_uuid(job.id);
        match self.see_to(job.tenant, id).await {
            Ok(()) => JobEnd::Done,
            Err(error) => {
                tracing::warn!(file.id = %id, %error, "an uploaded file waits");
                JobEnd::RetryIn(PAUSE)
            }
        }
    }
}

impl Handler {
    async fn see_to(&self, tenant: TenantId, id: FileId) -> Result<(), Stopped> {
        let scope = self.db.read(tenant).await.map_err(Refused::from)?;
        let found = files_repo::find(&scope, id).await.map_err(Refused::from)?;
        drop(scope);
        let Some(mut file) = found else { return Ok(()) };
        let bytes = self.state.files.read(tenant, id.as_uuid()).await.map_err(Refused::from)?;
        if file.state == FileState::Pending {
            file.state = match self.state.scanner.scan(bytes.clone()).await? {
                Verdict::Clean => FileState::Ready,
                Verdict::Infected => FileState::Infected,
            };
            self.scanned(tenant, &file).await?;
        }
        if file.state == FileState::Ready && file.kind.is_image() && file.thumbnail.is_none() {
            self.made_small(tenant, &file, bytes).await?;
        }
        Ok(())
    }

    async fn scanned(&self, tenant: TenantId, file: &File) -> Result<(), Refused> {
        if file.state == FileState::Infected {
            tracing::warn!(file.id = %file.id, "a virus was found in an uploaded file");
        }
        let scope = self.db.write(tenant).await?;
        files_repo::scanned(&scope, file.id, file.state).await?;
        Ok(scope.commit().await?)
    }

    /// A picture that cannot be read has no thumbnail, and that is all.
    async fn made_small(&self, tenant: TenantId, file: &File, bytes: Bytes) -> Result<(), Refused> {
        let made = tokio::task::spawn_blocking(move || small(&bytes)).await;
        let made = match made {
            Ok(Ok(made)) => made,
            Ok(Err(error)) => {
                tracing::info!(file.id = %file.id, %error, "a picture has no thumbnail");
                return Ok(());
            }
            Err(error) => {
                tracing::error!(file.id = %file.id, %error, "a picture could not be made small");
                return Ok(());
            }
        };
        let thumbnail = FileId::from_uuid(self.db.clock().uuid());
        self.state.files.put(tenant, thumbnail.as_uuid(), &made).await?;
        let scope = self.db.write(tenant).await?;
        let bytes = i64::try_from(made.len()).unwrap_or(i64::MAX);
        if files_repo::shown_small(&scope, file.id, (thumbnail, bytes)).await? {
            scope.commit().await?;
        }
        Ok(())
    }
}
