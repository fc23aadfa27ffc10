//! Files that somebody uploaded and attached to nothing: how many there may be, and their end.

use super::{files_repo, say};
use crate::Refused;
use authz::UserId;
use chrono::Duration;
use contracts::FileId;
use db::{ClaimedJob, Db, JobEnd, JobKind, StorageError, TenantScope, enqueue_job_after};
use files::FileStore;
use ids::TenantId;
use runtime::{Job, JobHandler};
use tokio_util::sync::CancellationToken;

/// The end of a file that is attached to nothing.
const KIND: JobKind = JobKind("attachment_left");

/// How long a file waits to be attached.
const WAITS: Duration = Duration::hours(24);

/// How many files of one person wait at once.
pub(super) const MOST: u64 = 50;

/// When it is tried again, after the store did not answer.
const PAUSE: Duration = Duration::minutes(1);

/// Refuses another file to who left so many.
///
/// # Errors
/// `CONFLICT`.
pub(super) async fn has_room(scope: &TenantScope, by: UserId) -> Result<(), Refused> {
    if files_repo::left(scope, by).await? < MOST {
        return Ok(());
    }
    Err(Refused::Conflict(say::too_many_left(MOST)))
}

/// Has a file looked after that may stay unattached.
pub(super) async fn watch(scope: &TenantScope, id: FileId) -> Result<(), StorageError> {
    enqueue_job_after(scope, KIND, id.as_uuid(), WAITS).await
}

struct Handler {
    db: Db,
    files: FileStore,
}

/// The job that deletes what was attached to nothing for a day.
pub(crate) fn job(db: Db, files: FileStore) -> Job {
    Job::new(KIND, Handler { db, files })
}

#[async_trait::async_trait]
impl JobHandler for Handler {
    async fn run(&self, job: &ClaimedJob, _stop: &CancellationToken) -> JobEnd {
        let id = FileId::from_uuid(job.id);
        match self.end(job.tenant, id).await {
            Ok(()) => JobEnd::Done,
            Err(error) => {
                tracing::warn!(file.id = %id, %error, "a file that nobody attached stays");
                JobEnd::RetryIn(PAUSE)
            }
        }
    }
}

impl Handler {
    /// First nobody finds it any more, then its content goes; broken off in between, the content
    /// goes when it is tried again.
    async fn end(&self, tenant: TenantId, id: FileId) -> Result<(), Refused> {
        let scope = self.db.read(tenant).await?;
        let found = files_repo::find(&scope, id).await?;
        drop(scope);
        let mut kept = vec![id];
        if let Some(file) = found {
            let small = match file.thumbnail {
                Some(small) => Some((small, self.files.read(tenant, small.as_uuid()).await?.len())),
                None => None,
            };
            let scope = self.db.write(tenant).await?;
            if !files_repo::forget(&scope, &file, small).await? {
                return Ok(());
            }
            scope.commit().await?;
            kept.extend(file.thumbnail);
        }
        for file in kept {
            self.files.remove(tenant, file.as_uuid()).await?;
        }
        Ok(())
    }
}
