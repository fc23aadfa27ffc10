//! Doing jobs.

use crate::Job;
use db::{ClaimedJob, Db, DbKind, JobEnd, Left};
use metrics::counter;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

/// How long nobody looks for work that was not announced: retries, leases that ended, jobs of
/// another process.
const LOOK: Duration = Duration::from_secs(1);

/// Who does one kind of job in this process.
#[derive(Clone)]
struct Workshop {
    service: &'static str,
    job: Job,
    db: Db,
    /// How those who hold a lease here are called.
    name: Arc<str>,
    lease: Duration,
    stop: CancellationToken,
}

/// Does one kind of job, a few at a time, until `stop`. Whoever dies in the middle of a job holds
/// it for a `lease` longer.
pub(crate) async fn work(
    service: &'static str,
    job: Job,
    db: Db,
    lease: Duration,
    stop: CancellationToken,
) {
    let id: [u8; 8] = db.clock().bytes();
    let name = format!("{service}-{:016x}", u64::from_be_bytes(id)).into();
    // One can write to SQLite at a time; more hands would only keep people waiting behind them.
    let at_once = if db.kind() == DbKind::Sqlite { 1 } else { job.at_once };
    let hands = Arc::new(Semaphore::new(at_once));
    let bell = db.bell(Left::Job(job.kind));
    let shop = Workshop { service, job, db, name, lease, stop: stop.clone() };
    let mut busy = JoinSet::new();
    while let Some(hand) = stop.run_until_cancelled(Arc::clone(&hands).acquire_owned()).await {
        while busy.try_join_next().is_some() {}
        let Ok(hand) = hand else { break };
        if let Some(claimed) = shop.claim().await {
            busy.spawn(shop.clone().finish(claimed, hand));
            continue;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = bell.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
    while busy.join_next().await.is_some() {}
}

impl Workshop {
    async fn claim(&self) -> Option<ClaimedJob> {
        let claimed = self.db.worker().claim_job(self.job.kind, &self.name, self.held()).await;
        claimed.unwrap_or_else(|error| {
            tracing::warn!(%error, self.service, "jobs cannot be claimed; trying again");
            None
        })
    }

    fn held(&self) -> chrono::Duration {
        chrono::Duration::from_std(self.lease).unwrap_or(chrono::TimeDelta::MAX)
    }

    /// One turn at a job, which a free hand does.
    async fn finish(self, claimed: ClaimedJob, _hand: OwnedSemaphorePermit) {
        let (service, kind) = (self.service, self.job.kind.0);
        counter!("commonhold_jobs_claimed_total", "service" => service, "kind" => kind)
            .increment(1);
        let span = tracing::info_span!("job", service, job.kind = kind, job.id = %claimed.id);
        let (turn, lost) = (self.stop.child_token(), AtomicBool::new(false));
        let lose = || {
            lost.store(true, Ordering::Relaxed);
            turn.cancel();
        };
        let end = tokio::select! {
            end = self.job.handler.run(&claimed, &turn).instrument(span) => end,
            () = self.renew(&claimed, lose) => return,
        };
        let lost = lost.load(Ordering::Relaxed);
        let outcome = if lost { "lost" } else { outcome(end) };
        counter!("commonhold_jobs_ended_total", "service" => service, "kind" => kind, "outcome" => outcome)
            .increment(1);
        if lost {
            return;
        }
        if let Err(error) = self.db.worker().end_job(self.job.kind, &claimed, end).await {
            tracing::warn!(%error, "the end of a job could not be noted; it runs again");
        }
    }

    /// Keeps the lease, three times as often as needed so that one slow answer does not lose it.
    /// Calls `lose` when it is lost all the same, and never ends.
    async fn renew(&self, claimed: &ClaimedJob, lose: impl Fn()) {
        loop {
            tokio::time::sleep(self.lease / 3).await;
            let worker = self.db.worker();
            match worker.keep_job(self.job.kind, claimed, &self.name, self.held()).await {
                Ok(true) => {}
                Ok(false) => {
                    lose();
                    std::future::pending::<()>().await;
                }
                Err(error) => tracing::warn!(%error, "a lease could not be renewed"),
            }
        }
    }
}

fn outcome(end: JobEnd) -> &'static str {
    match end {
        JobEnd::Done => "done",
        JobEnd::Failed => "failed",
        JobEnd::RetryIn(_) => "retried",
    }
}
