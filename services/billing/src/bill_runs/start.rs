//! Starting a run.

use super::{
    BILL_RUN_PREVIEW, BILL_RUN_START, RUN,
    plan::Cursor,
    repo::{self, BillRun, RunState},
};
use crate::{charges::BillingMonth, error::Refused, estates, ids::BillRunId, say};
use authz::{AuditFact, Caller, Denied};
use chrono::Datelike as _;
use db::{Db, Idempotency, IdempotencyKey, enqueue_job};
use errors::Invalid;
use ids::EstateId;
use money::Fen;
use texts::Text;

/// Starts a run for the cycles that begin with `start`; while one is open, that one is answered.
#[tracing::instrument(name = "usecase.bill_runs.start", skip_all, fields(estate.id = %estate, month = %start))]
pub(crate) async fn start(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    start: BillingMonth,
    key: &IdempotencyKey,
) -> Result<BillRun, Refused> {
    caller.act(BILL_RUN_START, BILL_RUN_PREVIEW, estate)?;
    match once(db, caller, estate, start, key).await {
        // Somebody else started the same run, or used the same key, at the same time.
        Err(refused) if refused.is_race() => once(db, caller, estate, start, key).await,
        done => done,
    }
}

async fn once(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    start: BillingMonth,
    key: &IdempotencyKey,
) -> Result<BillRun, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let operation = format!("start_bill_run/{}", caller.user());
    let keyed = Idempotency::new(&scope, operation, key, &(estate, start))?;
    if let Some(id) = keyed.first_answer::<BillRunId>().await? {
        return Ok(repo::find(&scope, id).await?.ok_or(Denied::Hidden)?);
    }
    let known = estates::find(&scope, estate).await?.ok_or(Denied::Hidden)?;
    let today = known.today(scope.clock());
    check_month(&known, start, today)?;
    let run = if let Some(open) = repo::open_run(&scope, estate, start).await? {
        open
    } else {
        let run = BillRun {
            id: BillRunId::from_uuid(scope.new_id()),
            estate,
            start,
            issued_on: today,
            state: RunState::Queued,
            cursor: Cursor::default(),
            total: estates::site_count(&scope, estate).await?,
            done: 0,
            bills: 0,
            lines: 0,
            doubts: 0,
            amount: Fen::ZERO,
            failure: None,
            started_by: caller.user(),
            started_at: scope.now(),
            finished_at: None,
        };
        repo::insert(&scope, &run).await?;
        enqueue_job(&scope, RUN, run.id.as_uuid()).await?;
        let fact = AuditFact {
            action: "bill_run.started",
            object: run.id.to_string(),
            estate: Some(estate),
            reason: None,
            detail: serde_json::json!({ "start": start }),
        };
        authz::audit(&scope, caller, fact).await?;
        run
    };
    keyed.keep(&run.id).await?;
    scope.commit().await?;
    Ok(run)
}

/// A run is for a month from the cut-over on, at most a year ahead.
pub(super) fn check_month(
    estate: &estates::Estate,
    start: BillingMonth,
    today: chrono::NaiveDate,
) -> Result<(), Invalid> {
    let wrong = |reason: Text| Err(Invalid::new("startMonth", reason));
    if let Some(cut_over) = estate.cut_over.filter(|cut_over| start < *cut_over) {
        return wrong(say::before_cut_over(cut_over.to_string()));
    }
    let number = |year: i32, month: u32| i64::from(year) * 12 + i64::from(month);
    if number(start.year(), start.month()) > number(today.year(), today.month()) + 12 {
        return wrong(say::year_ahead());
    }
    Ok(())
}
