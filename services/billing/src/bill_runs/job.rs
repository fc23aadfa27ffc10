//! Doing a run, chunk by chunk: each chunk is one transaction that also notes the progress.

use super::{
    RUN,
    plan::{self, CHUNK, Issue, Wanted},
    repo::{self, RunState},
};
use crate::{bills, cause::Cause, error::Refused, estates, ids::BillRunId, say};
use authz::{AuditFact, Denied};
use chrono::Duration;
use db::{ClaimedJob, Db, JobEnd, StorageError};
use ids::TenantId;
use money::Fen;
use runtime::{Job, JobHandler};
use tokio_util::sync::CancellationToken;

/// The worker that does bill runs.
pub(crate) fn job(db: Db) -> Job {
    Job::new(RUN, DoRun { db })
}

pub(super) struct DoRun {
    pub(super) db: Db,
}

#[async_trait::async_trait]
impl JobHandler for DoRun {
    async fn run(&self, job: &ClaimedJob, stop: &CancellationToken) -> JobEnd {
        let id = BillRunId::from_uuid(job.id);
        while !stop.is_cancelled() {
            match chunk(&self.db, job.tenant, id).await {
                Ok(true) => {}
                Ok(false) => return JobEnd::Done,
                Err(Refused::Storage(error)) if may_pass(&error) => {
                    tracing::warn!(%error, run = %id, "a chunk of a bill run is tried again");
                    return JobEnd::RetryIn(Duration::seconds(2));
                }
                Err(error) => {
                    tracing::error!(error = ?error, run = %id, "a bill run failed");
                    return fail(&self.db, job.tenant, id).await;
                }
            }
        }
        JobEnd::RetryIn(Duration::zero())
    }
}

/// Lost connections, and lines that somebody else charged meanwhile.
fn may_pass(error: &StorageError) -> bool {
    error.is_unavailable() || error.is_unique_violation()
}

/// Issues the bills of the next units; `false` when the run has ended.
pub(super) async fn chunk(db: &Db, tenant: TenantId, id: BillRunId) -> Result<bool, Refused> {
    let scope = db.write(tenant).await?;
    let mut run = repo::lock(&scope, id).await?.ok_or(Denied::Hidden)?;
    if matches!(run.state, RunState::Done | RunState::Failed) {
        return Ok(false);
    }
    // Held until the chunk is kept: two runs, or a run and a re-issue, take turns.
    let estate = estates::lock(&scope, run.estate).await?.ok_or(Denied::Hidden)?;
    let part = plan::part(&scope, &estate, run.cursor, CHUNK).await?;
    let wanted = Wanted { estate: &estate, sites: &part.sites, start: run.start, again: None };
    let planned = plan::plan(&scope, &wanted).await?;
    run.doubts += count(planned.doubts.len());
    let issue = Issue { run: Some(run.id), replaces: None, issued_on: run.issued_on };
    let new = plan::bills_of(&scope, &wanted, planned, &issue).await?;
    let (issued, amount): (i64, Fen) =
        (count(new.len()), new.iter().map(bills::NewBill::total).sum());
    run.bills += issued;
    run.lines += new.iter().map(|bill| count(bill.lines.len())).sum::<i64>();
    run.amount += amount;
    let accounts: Vec<_> = new.iter().map(|bill| bill.account).collect();
    bills::issue(&scope, new).await?;
    let prepaid = bills::apply_prepayments(&scope, &estate, &accounts, run.issued_on).await?;
    if issued > 0 {
        let fact = AuditFact {
            action: "bill_run.bills_issued",
            object: run.id.to_string(),
            estate: Some(run.estate),
            reason: None,
            detail: serde_json::json!({ "bills": issued, "amount": amount, "prepaid": prepaid }),
        };
        Cause::job(RUN, id.as_uuid()).audit(&scope, fact).await?;
    }
    run.done += count(part.done);
    run.state = RunState::Running;
    if let Some(next) = part.next {
        run.cursor = next;
    } else {
        run.state = RunState::Done;
        run.finished_at = Some(scope.now());
    }
    repo::save(&scope, &run).await?;
    scope.commit().await?;
    Ok(run.state == RunState::Running)
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

async fn fail(db: &Db, tenant: TenantId, id: BillRunId) -> JobEnd {
    let note = async {
        let scope = db.write(tenant).await?;
        if let Some(mut run) = repo::lock(&scope, id).await? {
            run.state = RunState::Failed;
            run.failure = Some(say::run_failed().bilingual());
            run.finished_at = Some(scope.now());
            repo::save(&scope, &run).await?;
        }
        scope.commit().await
    };
    match note.await {
        Ok(()) => JobEnd::Failed,
        Err(error) => {
            tracing::warn!(%error, run = %id, "the failure of a bill run could not be noted");
            JobEnd::RetryIn(Duration::seconds(2))
        }
    }
}
