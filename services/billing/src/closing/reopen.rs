//! Opening a closed month again: one person asks with a reason, another agrees.

use super::{
    CLOSE_READ, REOPEN_APPROVE, REOPEN_REQUEST,
    close::{keep, present},
    domain::{BookMonth, ReopenError},
    repo,
};
use crate::{
    charges::BillingMonth,
    error::{Refused, checked_reason},
    estates,
};
use authz::{Caller, keyed};
use db::{Db, IdempotencyKey};
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
    let rights = (REOPEN_REQUEST, CLOSE_READ);
    estates::permitted(db, caller, rights, estate).await?;
    let reason = checked_reason(&command.reason)?.to_owned();
    let actor = caller.clone();
    keyed(db, caller, "request_month_reopening", key, &command, move |scope| {
        Box::pin(async move {
            estates::held(scope, &actor, rights, estate).await?;
            let mut found = repo::find(scope, estate, month).await?;
            let around = repo::neighbours(scope, estate, month).await?;
            found.ask_reopening(actor.user(), scope.now(), &reason, around)?;
            let action = "month_close.reopening_requested";
            keep(scope, &actor, &found, action, Some(&reason)).await
        })
    })
    .await?;
    present(db, caller, estate, month).await
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
    let rights = (REOPEN_APPROVE, CLOSE_READ);
    estates::permitted(db, caller, rights, estate).await?;
    let actor = caller.clone();
    keyed(db, caller, "reopen_month", key, &(estate, month), move |scope| {
        Box::pin(async move {
            estates::held(scope, &actor, rights, estate).await?;
            let mut found = repo::find(scope, estate, month).await?;
            let around = repo::neighbours(scope, estate, month).await?;
            found.reopen(actor.user(), scope.now(), around).map_err(|error| match error {
                ReopenError::State(error) => Refused::from(error),
                ReopenError::Denied(error) => error.into(),
            })?;
            let reason = found.reopening.as_ref().map(|asked| asked.reason.clone());
            keep(scope, &actor, &found, "month_close.reopened", reason.as_deref()).await
        })
    })
    .await?;
    present(db, caller, estate, month).await
}
