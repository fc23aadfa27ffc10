//! Long work, done by whoever holds its lease.

use crate::{DbKind, Left, Routed, StorageError, TenantScope, Worker};
use chrono::{DateTime, Duration, Utc};
use ids::TenantId;
use uuid::Uuid;

/// A kind of work, e.g. `bill_run`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobKind(pub &'static str);

/// A job that this worker holds until its lease ends.
#[derive(Clone, Debug)]
pub struct ClaimedJob {
    /// The company whose work it is.
    pub tenant: TenantId,
    /// The row that says what to do.
    pub id: Uuid,
}

/// Asks for work on the company's row `id`, in the transaction that makes the row. Asking again
/// while it waits changes nothing; asking while somebody is at it, or after it ended, has it done
/// once more, since whoever is at it may have looked already.
///
/// # Errors
/// When the row cannot be written.
pub async fn enqueue_job(scope: &TenantScope, kind: JobKind, id: Uuid) -> Result<(), StorageError> {
    enqueue_job_after(scope, kind, id, Duration::zero()).await
}

/// As [`enqueue_job`], for work that nobody shall look at before `pause` has passed.
///
/// # Errors
/// When the row cannot be written.
pub async fn enqueue_job_after(
    scope: &TenantScope,
    kind: JobKind,
    id: Uuid,
    pause: Duration,
) -> Result<(), StorageError> {
    put_down(scope, kind, id, pause, "VALUES ($1, $2, $3, 'queued', $4)").await
}

/// As [`enqueue_job`], for work that may as well be done a little later: while another transaction
/// that asks for the same is open, this one neither waits for it nor asks.
///
/// # Errors
/// When the row cannot be written.
pub async fn hint_job(scope: &TenantScope, kind: JobKind, id: Uuid) -> Result<(), StorageError> {
    if scope.kind() == DbKind::Sqlite {
        return enqueue_job(scope, kind, id).await;
    }
    let unless_asked = "SELECT CAST($1 AS UUID), CAST($2 AS TEXT), CAST($3 AS UUID), 'queued', \
                        CAST($4 AS TIMESTAMPTZ) WHERE pg_try_advisory_xact_lock(\
                        hashtextextended(CAST($2 AS TEXT) || CAST($3 AS TEXT), 7303))";
    put_down(scope, kind, id, Duration::zero(), unless_asked).await
}

/// Has the company's row `id` looked at from `at` on, earlier or later than was asked so far. While
/// somebody is at it, it is looked at once more from then on, even when they fail.
///
/// A timer that waits costs nothing: it is one row that no look for work passes over.
///
/// # Errors
/// When the row cannot be written.
pub async fn reschedule_job(
    scope: &TenantScope,
    kind: JobKind,
    id: Uuid,
    at: DateTime<Utc>,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO jobs (tenant_id, kind, id, state, run_after) \
               VALUES ($1, $2, $3, 'queued', $4) \
               ON CONFLICT (tenant_id, kind, id) DO UPDATE SET \
               state = CASE jobs.state WHEN 'running' THEN 'running' ELSE 'queued' END, \
               again = jobs.state = 'running', run_after = excluded.run_after, attempts = 0";
    scope.execute(sql, [kind.0.into(), id.into(), at.into()]).await?;
    if at <= scope.now() {
        scope.leave(Left::Job(kind));
    }
    Ok(())
}

/// Takes back what was asked on the company's row `id`; who is at it ends the turn as usual.
///
/// # Errors
/// When the row cannot be written.
pub async fn withdraw_job(
    scope: &TenantScope,
    kind: JobKind,
    id: Uuid,
) -> Result<(), StorageError> {
    let sql = "UPDATE jobs SET again = FALSE, \
               state = CASE state WHEN 'queued' THEN 'done' ELSE state END \
               WHERE tenant_id = $1 AND kind = $2 AND id = $3";
    scope.execute(sql, [kind.0.into(), id.into()]).await.map(drop)
}

async fn put_down(
    scope: &TenantScope,
    kind: JobKind,
    id: Uuid,
    pause: Duration,
    row: &str,
) -> Result<(), StorageError> {
    let sql = format!(
        "INSERT INTO jobs (tenant_id, kind, id, state, run_after) {row} \
         ON CONFLICT (tenant_id, kind, id) DO UPDATE SET \
         state = CASE jobs.state WHEN 'running' THEN 'running' ELSE 'queued' END, \
         again = jobs.state = 'running', run_after = excluded.run_after, attempts = 0 \
         WHERE jobs.state <> 'queued' AND NOT jobs.again"
    );
    let after = scope.now() + pause;
    scope.execute(&sql, [kind.0.into(), id.into(), after.into()]).await?;
    scope.leave(Left::Job(kind));
    Ok(())
}

impl Worker {
    /// Takes the next open job of a kind: one whose time has come, or one whose holder went silent.
    /// Each is found by an index of its own, so that those that wait for later cost nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim_job(
        &self,
        kind: JobKind,
        worker: &str,
        lease: Duration,
    ) -> Result<Option<ClaimedJob>, StorageError> {
        let lock = if self.kind() == DbKind::Postgres { "FOR UPDATE SKIP LOCKED" } else { "" };
        let sql = format!(
            "UPDATE jobs SET state = 'running', leased_until = $1, worker = $2, attempts = attempts + 1, \
             again = FALSE \
             WHERE (tenant_id, kind, id) IN (SELECT tenant_id, kind, id FROM \
             (SELECT tenant_id, kind, id FROM (SELECT tenant_id, kind, id FROM jobs \
             WHERE kind = $3 AND state = 'queued' AND run_after <= $4 \
             ORDER BY run_after LIMIT 1 {lock}) AS due \
             UNION ALL SELECT tenant_id, kind, id FROM (SELECT tenant_id, kind, id FROM jobs \
             WHERE kind = $3 AND state = 'running' AND leased_until < $4 \
             ORDER BY leased_until LIMIT 1 {lock}) AS silent) AS open LIMIT 1) \
             RETURNING tenant_id, id"
        );
        let now = self.now();
        let values = [(now + lease).into(), worker.into(), kind.0.into(), now.into()];
        let claimed: Vec<Routed> = self.change(&sql, values).await?;
        Ok(claimed
            .first()
            .map(|job| ClaimedJob { tenant: TenantId::from_uuid(job.tenant_id), id: job.id }))
    }

    /// Prolongs the lease; `false` when somebody else holds the job now, then stop.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_job(
        &self,
        kind: JobKind,
        job: &ClaimedJob,
        worker: &str,
        lease: Duration,
    ) -> Result<bool, StorageError> {
        let sql = "UPDATE jobs SET leased_until = $1 WHERE tenant_id = $2 AND kind = $3 AND id = $4 \
                   AND worker = $5 AND state = 'running'";
        let until = (self.now() + lease).into();
        let values =
            [until, job.tenant.as_uuid().into(), kind.0.into(), job.id.into(), worker.into()];
        Ok(self.execute(sql, values).await? == 1)
    }

    /// Ends a job, or hands it back to be tried again after a while. One that was asked for while
    /// it was done is handed back, however this turn ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_job(
        &self,
        kind: JobKind,
        job: &ClaimedJob,
        outcome: JobEnd,
    ) -> Result<(), StorageError> {
        let (state, after) = match outcome {
            JobEnd::Done => ("done", Duration::zero()),
            JobEnd::Failed => ("failed", Duration::zero()),
            JobEnd::RetryIn(after) => ("queued", after),
        };
        let sql = "UPDATE jobs SET state = CASE WHEN again THEN 'queued' ELSE $1 END, \
                   run_after = CASE WHEN again THEN run_after ELSE $2 END, again = FALSE, \
                   leased_until = NULL WHERE tenant_id = $3 AND kind = $4 AND id = $5";
        let after = (self.now() + after).into();
        let values =
            [state.into(), after, job.tenant.as_uuid().into(), kind.0.into(), job.id.into()];
        self.execute(sql, values).await.map(drop)
    }
}

/// How a turn at a job ended.
#[derive(Clone, Copy, Debug)]
pub enum JobEnd {
    /// Nothing is left to do.
    Done,
    /// It cannot be done; its row says why.
    Failed,
    /// Something was in the way; try again after this time.
    RetryIn(Duration),
}
