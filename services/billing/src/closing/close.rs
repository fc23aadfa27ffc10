//! Beginning to close a month, and closing it.

use super::{
    CLOSE_APPROVE, CLOSE_READ, CLOSE_START,
    checklist::{Checking, checklist},
    domain::BookMonth,
    repo,
};
use crate::{charges::BillingMonth, error::Refused, estates, reports};
use authz::{AuditFact, Caller, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use ids::EstateId;

/// Begins to close a month; done twice it changes nothing.
#[tracing::instrument(name = "usecase.closing.start", skip_all, fields(estate.id = %estate, month = %month))]
pub(crate) async fn start(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    month: BillingMonth,
    key: &IdempotencyKey,
) -> Result<BookMonth, Refused> {
    let rights = (CLOSE_START, CLOSE_READ);
    estates::permitted(db, caller, rights, estate).await?;
    let actor = caller.clone();
    keyed(db, caller, "start_month_close", key, &(estate, month), move |scope| {
        Box::pin(async move {
            let known = estates::held(scope, &actor, rights, estate).await?;
            let mut found = repo::find(scope, estate, month).await?;
            let around = repo::neighbours(scope, estate, month).await?;
            let today = known.today(scope.clock());
            found.start(actor.user(), scope.now(), today, around)?;
            keep(scope, &actor, &found, "month_close.started", None).await
        })
    })
    .await?;
    present(db, caller, estate, month).await
}

/// A month as it is now.
pub(super) async fn present(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    month: BillingMonth,
) -> Result<BookMonth, Refused> {
    let scope = db.read(caller.tenant()).await?;
    Ok(repo::find(&scope, estate, month).await?)
}

/// Closes a month whose checklist is done: from now on no entry is dated in it, and its reports
/// stay as they are. Who writes entries at the same moment is either in the reports or refused.
#[tracing::instrument(name = "usecase.closing.close", skip_all, fields(estate.id = %estate, month = %month))]
pub(crate) async fn close(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    month: BillingMonth,
    key: &IdempotencyKey,
) -> Result<BookMonth, Refused> {
    let rights = (CLOSE_APPROVE, CLOSE_READ);
    estates::permitted(db, caller, rights, estate).await?;
    let actor = caller.clone();
    keyed(db, caller, "close_month", key, &(estate, month), move |scope| {
        Box::pin(async move { closed(scope, &actor, estate, month).await })
    })
    .await?;
    present(db, caller, estate, month).await
}

async fn closed(
    scope: &TenantScope,
    caller: &Caller,
    estate: EstateId,
    month: BillingMonth,
) -> Result<(), Refused> {
    let known = estates::held(scope, caller, (CLOSE_APPROVE, CLOSE_READ), estate).await?;
    let mut found = repo::find(scope, estate, month).await?;
    let around = repo::neighbours(scope, estate, month).await?;
    let items = checklist(Checking { scope, estate, month }).await?;
    let unfinished = items.iter().filter(|item| item.open.count > 0).count();
    let unfinished = i64::try_from(unfinished).unwrap_or(i64::MAX);
    let today = known.today(scope.clock());
    found.close(caller.user(), scope.now(), today, around, unfinished)?;
    reports::freeze(scope, &known, month, found.version, caller.user()).await?;
    keep(scope, caller, &found, "month_close.closed", None).await
}

/// Saves a month and who changed it.
pub(super) async fn keep(
    scope: &TenantScope,
    caller: &Caller,
    month: &BookMonth,
    action: &str,
    reason: Option<&str>,
) -> Result<(), Refused> {
    repo::save(scope, month).await?;
    let fact = AuditFact {
        action,
        object: month.month.to_string(),
        estate: Some(month.estate),
        reason,
        detail: serde_json::json!({ "month": month.month, "version": month.version }),
    };
    Ok(authz::audit(scope, caller, fact).await?)
}
