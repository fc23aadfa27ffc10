//! The work by the clock: it looks at an estate again and again and does what its calendar asks for.
//! What it did once is there and is not done twice, however often and late it comes.

use super::{advance::advance, repo};
use crate::{accounts, arrears, cause::Cause, error::Refused, estates};
use chrono::Duration;
use db::{ClaimedJob, Db, JobEnd, JobKind, StorageError, TenantScope, enqueue_job};
use ids::{EstateId, TenantId};
use runtime::{Job, JobHandler};
use tokio_util::sync::CancellationToken;

/// Following up one estate's arrears; it never ends.
const KIND: JobKind = JobKind("dunning");

/// Until an estate is looked at again: messages wait for decent hours, and who paid is let alone.
const AGAIN: Duration = Duration::minutes(30);

/// After something was in the way.
const SOON: Duration = Duration::minutes(1);

/// How many accounts are read at once; each is a transaction of its own.
const CHUNK: u64 = 200;

/// The worker of dunning.
pub(crate) fn job(db: Db) -> Job {
    Job::new(KIND, FollowUp { db })
}

/// Makes sure that an estate with bills is looked at.
pub(crate) async fn enqueue(scope: &TenantScope, estate: EstateId) -> Result<(), StorageError> {
    enqueue_job(scope, KIND, estate.as_uuid()).await
}

/// Who acts where no person does.
pub(in crate::dunning) fn cause(estate: EstateId) -> Cause {
    Cause::job(KIND, estate.as_uuid())
}

struct FollowUp {
    db: Db,
}

#[async_trait::async_trait]
impl JobHandler for FollowUp {
    async fn run(&self, job: &ClaimedJob, stop: &CancellationToken) -> JobEnd {
        let estate = EstateId::from_uuid(job.id);
        match sweep(&self.db, job.tenant, estate, stop).await {
            Ok(true) => JobEnd::RetryIn(AGAIN),
            Ok(false) => JobEnd::RetryIn(Duration::zero()),
            Err(error) => {
                tracing::warn!(%error, %estate, "arrears could not be followed up; trying again");
                JobEnd::RetryIn(SOON)
            }
        }
    }
}

/// Goes through an estate once; `false` when `stop` rang before the end.
pub(crate) async fn sweep(
    db: &Db,
    tenant: TenantId,
    estate: EstateId,
    stop: &CancellationToken,
) -> Result<bool, Refused> {
    let scope = db.read(tenant).await?;
    let Some(known) = estates::find(&scope, estate).await? else { return Ok(true) };
    drop(scope);
    if !arrears::sweep(db, tenant, &known, stop).await? {
        return Ok(false);
    }
    let mut after = None;
    loop {
        let scope = db.read(tenant).await?;
        let today = known.today(scope.clock());
        let accounts = repo::to_look_at(&scope, estate, today, (after, CHUNK)).await?;
        drop(scope);
        let Some(last) = accounts.last().copied() else { return Ok(true) };
        for id in accounts {
            let scope = db.write(tenant).await?;
            if let Some(account) = accounts::lock(&scope, id).await? {
                advance(&scope, &known, &account).await?;
            }
            scope.commit().await?;
            if stop.is_cancelled() {
                return Ok(false);
            }
        }
        after = Some(last);
    }
}
