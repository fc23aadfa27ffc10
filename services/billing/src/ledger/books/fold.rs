//! Keeping hot balances cheap to read.

use super::repo;
use db::{ClaimedJob, Db, JobEnd, JobKind, StorageError};
use ids::EstateId;
use runtime::{Job, JobHandler};
use tokio_util::sync::CancellationToken;

/// Folding the balances of one estate.
pub(crate) const FOLD: JobKind = JobKind("fold_balances");

/// The worker that folds balances.
pub(crate) fn job(db: Db) -> Job {
    Job::new(FOLD, Fold { db })
}

struct Fold {
    db: Db,
}

#[async_trait::async_trait]
impl JobHandler for Fold {
    async fn run(&self, job: &ClaimedJob, stop: &CancellationToken) -> JobEnd {
        let estate = EstateId::from_uuid(job.id);
        while !stop.is_cancelled() {
            let turn = async {
                let scope = self.db.write(job.tenant).await?;
                let gone =
                    repo::fold(&scope, estate).await? + repo::fold_days(&scope, estate).await?;
                scope.commit().await?;
                Ok::<_, StorageError>(gone)
            };
            match turn.await {
                Ok(0) => return JobEnd::Done,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, %estate, "balances could not be folded; trying again");
                    return JobEnd::RetryIn(chrono::Duration::seconds(5));
                }
            }
        }
        JobEnd::RetryIn(chrono::Duration::zero())
    }
}
