//! Opening a closed month again: one person asks with a reason, another agrees.

use super::{
    CLOSE_READ, REOPEN_APPROVE, REOPEN_REQUEST,
    close::keep,
    domain::{BookMonth, ReopenError},
    repo,
};
use crate::{
    charges::BillingMonth,
    error::{Refused, checked_reason},
    estates,
};
use authz::Caller;
use db::{Db, Idempotency, IdempotencyKey};
use ids::EstateId;

/// Ask that this month be opened again.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct Reopen {
    /// Whose books.
    pub(crate) estate: EstateId,
    /// The month.
    pub(crate) month: BillingMonth,
    /// Why.
    pub(crate) reason: String,
}

/// Asks that a closed month be opened again.
#[tracing::instrument(name = "usecase.closing.request_reopening", skip_all, fields(estate.id = %command.estate))]
pub(crate) async fn request_reopening(
    db: &Db,
    caller: &Caller,
    command: Reopen,
    key: &IdempotencyKey,
) -> Result<BookMonth, Refused> {
    let (estate, month) = (command.estate, command.month);
    let scope = db.write(caller.tenant()).await?;
    estates::held(&scope, caller, (REOPEN_REQUEST, CLOSE_READ), estate).await?;
    let reason = checked_reason(&command.reason)?;
    let operation = format!("request_month_reopening/{}", caller.user());
    let keyed = Idempotency::new(&scope, operation, key, &command)?;
    let mut found = repo::find(&scope, estate, month).await?;
    if keyed.first_answer::<()>().await?.is_some() {
        return Ok(found);
    }
    let around = repo::neighbours(&scope, estate, month).await?;
    found.ask_reopening(caller.user(), scope.now(), reason, around)?;
    keep(&scope, caller, &found, "month_close.reopening_requested", Some(reason)).await?;
    keyed.keep(&()).await?;
    scope.commit().await?;
    Ok(found)
}

/// Opens a closed month again, which somebody else asked for; its frozen reports stay.
#[tracing::instrument(name = "usecase.closing.reopen", skip_all, fields(estate.id = %estate, month = %month))]
pub(crate) async fn reopen(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    month: BillingMonth,
    key: &IdempotencyKey,
) -> Result<BookMonth, Refused> {
    let scope = db.write(caller.tenant()).await?;
    estates::held(&scope, caller, (REOPEN_APPROVE, CLOSE_READ), estate).await?;
    let operation = format!("reopen_month/{}", caller.user());
    let keyed = Idempotency::new(&scope, operation, key, &(estate, month))?;
    let mut found = repo::find(&scope, estate, month).await?;
    if keyed.first_answer::<()>().await?.is_some() {
        return Ok(found);
    }
    let around = repo::neighbours(&scope, estate, month).await?;
    found.reopen(caller.user(), scope.now(), around).map_err(|error| match error {
        ReopenError::State(error) => Refused::from(error),
        ReopenError::Denied(error) => error.into(),
    })?;
    let reason = found.reopening.as_ref().map(|asked| asked.reason.clone());
    keep(&scope, caller, &found, "month_close.reopened", reason.as_deref()).await?;
    keyed.keep(&()).await?;
    scope.commit().await?;
    Ok(found)
}
