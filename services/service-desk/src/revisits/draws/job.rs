//! The draw that a month gets by itself when it is over.

use super::draw::{DrawMonth, draw_in};
use crate::month::Month;
use crate::{
    Refused, homes,
    revisits::{
        candidates_repo as candidates, months_repo,
        policies::{self, Mode},
        source::Candidate,
        tasks,
    },
};
use chrono::Duration;
use chrono_tz::Tz;
use db::{ClaimedJob, Db, JobEnd, JobKind, StorageError, TenantScope, enqueue_job_after};
use runtime::{Job, JobHandler};
use std::collections::HashSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Drawing a month that is over; the job's row is the first thing that was finished in it.
const KIND: JobKind = JobKind("revisit_draw");

/// After something was in the way.
const SOON: Duration = Duration::minutes(1);

/// Has the month of a finished thing drawn when it is over. It is asked for by the first thing of
/// its kind that was finished in the month.
pub(in crate::revisits) async fn enqueue(
    scope: &TenantScope,
    first: &Candidate,
    zone: Tz,
) -> Result<(), StorageError> {
    let pause = Month::ends(first.month, zone) - scope.now();
    enqueue_job_after(scope, KIND, first.id, pause.max(Duration::zero())).await
}

/// The worker that draws.
pub(in crate::revisits) fn job(db: Db) -> Job {
    Job::new(KIND, DrawAtEnd { db })
}

struct DrawAtEnd {
    db: Db,
}

#[async_trait::async_trait]
impl JobHandler for DrawAtEnd {
    async fn run(&self, job: &ClaimedJob, _stop: &CancellationToken) -> JobEnd {
        match drawn(&self.db, job).await {
            Ok(()) => JobEnd::Done,
            Err(error) => {
                tracing::warn!(%error, candidate = %job.id, "a month could not be drawn; trying again");
                JobEnd::RetryIn(SOON)
            }
        }
    }
}

async fn drawn(db: &Db, job: &ClaimedJob) -> Result<(), Refused> {
    let scope = db.write(job.tenant).await?;
    let Some(first) = candidates::find(&scope, job.id).await? else { return Ok(()) };
    let (source, month) = (first.source, first.month);
    let estate = homes::estate(&scope, first.estate).await?;
    months_repo::hold(&scope, estate.id, source, month).await?;
    let policy = policies::repo::on(&scope, estate.id, source, month.last()).await?;
    // What was finished before the policy became so still waits for the month's end.
    if policy.mode == Mode::AtOnce && all_asked(&scope, &first).await? {
        return Ok(());
    }
    if super::repo::of_month(&scope, estate.id, source, month).await?.is_none() {
        draw_in(&scope, &estate, DrawMonth { estate: estate.id, source, month }, None).await?;
        scope.commit().await?;
    }
    Ok(())
}

/// Whether everything of a month has its revisit.
async fn all_asked(scope: &TenantScope, first: &Candidate) -> Result<bool, Refused> {
    let revisits = tasks::repo::of_month(scope, first.estate, first.month).await?;
    let asked: HashSet<Uuid> = revisits.into_iter().map(|revisit| revisit.candidate).collect();
    let found = candidates::of_month(scope, first.estate, first.source, first.month).await?;
    Ok(found.iter().all(|thing| asked.contains(&thing.id)))
}
