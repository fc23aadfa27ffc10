//! Starting a batch, and giving it up.

use super::{
    BATCH, MOST,
    repo::{self, Batch, BatchState, Filter},
};
use crate::{
    bill_runs,
    bills::BILL_READ,
    documents::NOTICE_PRINT,
    error::{Refused, checked_reason},
    estates,
    ids::NoticeBatchId,
    say,
};
use authz::{AuditFact, Caller, Denied, keyed};
use db::{Db, IdempotencyKey, TenantScope, enqueue_job};
use errors::Invalid;
use ids::EstateId;
use texts::Language;

/// Starts a batch of the notices of an estate's bills.
#[tracing::instrument(name = "usecase.notice_batches.start", skip_all, fields(estate.id = %estate))]
pub(crate) async fn start(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    filter: Filter,
    language: Language,
    key: &IdempotencyKey,
) -> Result<Batch, Refused> {
    caller.act(NOTICE_PRINT, BILL_READ, estate)?;
    let (actor, input) = (caller.clone(), (estate, filter, language == Language::En));
    let id = keyed(db, caller, "start_notice_batch", key, &input, move |scope| {
        Box::pin(async move { queued(scope, &actor, estate, filter, language).await })
    })
    .await?;
    let scope = db.read(caller.tenant()).await?;
    Ok(repo::find(&scope, id).await?.ok_or(Denied::Hidden)?)
}

async fn queued(
    scope: &TenantScope,
    caller: &Caller,
    estate: EstateId,
    filter: Filter,
    language: Language,
) -> Result<NoticeBatchId, Refused> {
    belongs(scope, estate, &filter).await?;
    let total = repo::matching(scope, estate, &filter).await?;
    if total == 0 {
        return Err(Refused::Conflict(say::doc_nothing_to_print()));
    }
    if total > MOST {
        return Err(Invalid::new("buildingId", say::doc_batch_too_large(MOST)).into());
    }
    let batch = Batch {
        id: NoticeBatchId::from_uuid(scope.new_id()),
        estate,
        filter,
        language,
        state: BatchState::Queued,
        after: None,
        total,
        done: 0,
        pages: None,
        file: None,
        started_by: caller.user(),
        started_at: scope.now(),
        finished_at: None,
    };
    repo::insert(scope, &batch).await?;
    enqueue_job(scope, BATCH, batch.id.as_uuid()).await?;
    let fact = AuditFact {
        action: "notice_batch.started",
        object: batch.id.to_string(),
        estate: Some(estate),
        reason: None,
        detail: serde_json::json!({ "filter": filter, "total": total }),
    };
    authz::audit(scope, caller, fact).await?;
    Ok(batch.id)
}

/// The estate is there, and so are the run and the building in it.
async fn belongs(scope: &TenantScope, estate: EstateId, filter: &Filter) -> Result<(), Refused> {
    estates::find(scope, estate).await?.ok_or(Denied::Hidden)?;
    if let Some(run) = filter.run {
        let found = bill_runs::find(scope, run).await?;
        found.filter(|run| run.estate == estate).ok_or(Denied::Hidden)?;
    }
    if let Some(building) = filter.building {
        let buildings = estates::buildings(scope, estate).await?;
        buildings.iter().find(|(_, known)| *known == building).ok_or(Denied::Hidden)?;
    }
    Ok(())
}

/// Gives a batch up; what it has prepared is forgotten, numbers that were given stay.
#[tracing::instrument(name = "usecase.notice_batches.cancel", skip_all, fields(batch.id = %id))]
pub(crate) async fn cancel(
    db: &Db,
    caller: &Caller,
    id: NoticeBatchId,
    reason: &str,
) -> Result<Batch, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let batch = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    caller.act(NOTICE_PRINT, BILL_READ, batch.estate)?;
    let reason = checked_reason(reason)?;
    let mut batch = repo::lock(&scope, id).await?.ok_or(Denied::Hidden)?;
    // It ended meanwhile: there is nothing to give up.
    if batch.state.is_over() {
        return Ok(batch);
    }
    batch.state = BatchState::Cancelled;
    batch.finished_at = Some(scope.now());
    repo::save(&scope, &batch).await?;
    repo::forget(&scope, id).await?;
    let fact = AuditFact {
        action: "notice_batch.cancelled",
        object: id.to_string(),
        estate: Some(batch.estate),
        reason: Some(reason),
        detail: serde_json::json!({ "done": batch.done }),
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(batch)
}
