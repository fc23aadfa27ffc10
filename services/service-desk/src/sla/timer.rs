//! The timers: each open ticket has one, which rings when its next step is reached.

use super::{ClockId, repo, watch::settle};
use crate::{Refused, homes};
use chrono::Duration;
use db::{ClaimedJob, Db, JobEnd, JobKind};
use ids::TenantId;
use runtime::{Job, JobHandler};
use tokio_util::sync::CancellationToken;

/// The timer of one clock.
pub(super) const SLA: JobKind = JobKind("sla");

/// Until a look that failed is taken again.
const AGAIN: Duration = Duration::seconds(30);

/// How many timers ring at once in one process.
const AT_ONCE: usize = 4;

/// The work of the timers.
pub(crate) fn job(db: Db) -> Job {
    Job::new(SLA, Timer(db)).at_once(AT_ONCE)
}

struct Timer(Db);

#[async_trait::async_trait]
impl JobHandler for Timer {
    async fn run(&self, job: &ClaimedJob, _stop: &CancellationToken) -> JobEnd {
        match ring(&self.0, job.tenant, ClockId::from_uuid(job.id)).await {
            Ok(()) => JobEnd::Done,
            Err(error) => {
                tracing::error!(%error, clock.id = %job.id, "a timer cannot ring");
                JobEnd::RetryIn(AGAIN)
            }
        }
    }
}

/// Tells of what is due and sets the timer anew, all or nothing: killed half-way it rings again, and
/// what was told once is not told twice.
pub(super) async fn ring(db: &Db, tenant: TenantId, id: ClockId) -> Result<(), Refused> {
    let scope = db.write(tenant).await?;
    let Some(mut kept) = repo::lock_by_id(&scope, id).await? else { return Ok(()) };
    if !kept.open {
        return Ok(());
    }
    let estate = homes::estate(&scope, kept.estate).await?;
    settle(&scope, &estate, &mut kept).await?;
    Ok(scope.commit().await?)
}
