//! Opening a case by hand, on the due day rather than the day after.

use super::{
    advance::{advance, due_bills, open_case},
    repo,
};
use crate::{
    accounts,
    dunning::{DUNNING_MANAGE, DUNNING_READ, right::act_on},
    error::{Refused, checked_reason},
    estates,
    ids::{BillingAccountId, DunningCaseId},
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};

/// Opens the case of an account that owes something due today or earlier.
#[tracing::instrument(name = "usecase.dunning.open", skip_all, fields(account.id = %account))]
pub(crate) async fn open(
    db: &Db,
    caller: &Caller,
    (account, reason): (BillingAccountId, String),
    key: &IdempotencyKey,
) -> Result<DunningCaseId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    act_on(&scope, caller, account, (DUNNING_MANAGE, DUNNING_READ)).await?;
    drop(scope);
    let reason = checked_reason(&reason)?.to_owned();
    let (actor, input) = (caller.clone(), (account, reason.clone()));
    keyed(db, caller, "open_dunning_case", key, &input, move |scope| {
        Box::pin(async move { keep(scope, &actor, account, &reason).await })
    })
    .await
}

async fn keep(
    scope: &TenantScope,
    actor: &Caller,
    id: BillingAccountId,
    reason: &str,
) -> Result<DunningCaseId, Refused> {
    let account = accounts::lock(scope, id).await?.ok_or(Denied::Hidden)?;
    let estate = estates::find(scope, account.estate).await?.ok_or(Denied::Hidden)?;
    if repo::open_of(scope, id).await?.is_some() {
        return Err(Refused::Conflict(say::dunning_case_open()));
    }
    let due = due_bills(scope, id, estate.today(scope.clock())).await?;
    if due.is_empty() {
        return Err(Refused::Conflict(say::dunning_nothing_due()));
    }
    let case = open_case(scope, &estate, &account, &due).await?;
    let fact = AuditFact {
        action: "dunning_case.opened_by_hand",
        object: case.id.to_string(),
        estate: Some(case.estate),
        reason: Some(reason),
        detail: case.opening_debt,
    };
    audit(scope, actor, fact).await?;
    advance(scope, &estate, &account).await?;
    Ok(case.id)
}
