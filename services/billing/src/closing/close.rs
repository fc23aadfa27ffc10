//! Beginning to close a month, and closing it.

use super::{
    CLOSE_APPROVE, CLOSE_READ, CLOSE_START,
    checklist::{Checking, checklist},
    domain::BookMonth,
    repo,
};
use crate::{charges::BillingMonth, error::Refused, estates, reports};
use authz::{AuditFact, Caller};
use db::{Db, Idempotency, IdempotencyKey, TenantScope};
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
    let scope = db.write(caller.tenant()).await?;
    let known = estates::held(&scope, caller, (CLOSE_START, CLOSE_READ), estate).await?;
    let operation = format!("start_month_close/{}", caller.user());
    let keyed = Idempotency::new(&scope, operation, key, &(estate, month))?;
    let mut found = repo::find(&scope, estate, month).await?;
    if keyed.first_answer::<()>().await?.is_some() {
        return Ok(found);
    }
    let around = repo::neighbours(&scope, estate, month).await?;
    let today = known.today(scope.clock());
    found.start(caller.user(), scope.now(), today, around)?;
    keep(&scope, caller, &found, "month_close.started", None).await?;
    keyed.keep(&()).await?;
    scope.commit().await?;
    Ok(found)
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
    let scope = db.write(caller.tenant()).await?;
    let known = estates::held(&scope, caller, (CLOSE_APPROVE, CLOSE_READ), estate).await?;
    let operation = format!("close_month/{}", caller.user());
    let keyed = Idempotency::new(&scope, operation, key, &(estate, month))?;
    let mut found = repo::find(&scope, estate, month).await?;
    if keyed.first_answer::<()>().await?.is_some() {
        return Ok(found);
    }
    let around = repo::neighbours(&scope, estate, month).await?;
    let items = checklist(Checking { scope: &scope, estate, month }).await?;
    let unfinished = items.iter().filter(|item| item.open.count > 0).count();
    let unfinished = i64::try_from(unfinished).unwrap_or(i64::MAX);
    let today = known.today(scope.clock());
    found.close(caller.user(), scope.now(), today, around, unfinished)?;
    reports::freeze(&scope, &known, month, found.version, caller.user()).await?;
    keep(&scope, caller, &found, "month_close.closed", None).await?;
    keyed.keep(&()).await?;
    scope.commit().await?;
    Ok(found)
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
