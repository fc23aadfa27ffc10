//! Giving a draft up.

use super::{OPENING_CONFIRM, OPENING_PROPOSE, OPENING_READ, domain::OpeningState, repo};
use crate::{
    error::{Refused, checked_reason},
    ids::OpeningId,
    say,
};
use authz::{AuditFact, Caller, Denied};
use db::Db;

/// Gives up a draft; those who draft may, and those who could have posted it. Nothing was posted.
#[tracing::instrument(name = "usecase.opening_balances.withdraw", skip_all, fields(opening.id = %id))]
pub(crate) async fn withdraw(
    db: &Db,
    caller: &Caller,
    id: OpeningId,
    reason: &str,
) -> Result<OpeningId, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut opening = repo::lock(&scope, id).await?.ok_or(Denied::Hidden)?;
    if caller.read(OPENING_CONFIRM, opening.estate).is_err() {
        caller.act(OPENING_PROPOSE, OPENING_READ, opening.estate)?;
    }
    caller.writable()?;
    let reason = checked_reason(reason)?;
    if opening.state != OpeningState::Draft {
        return Err(Refused::Conflict(say::opening_not_draft()));
    }
    opening.state = OpeningState::Withdrawn;
    opening.decided = Some((caller.user(), scope.now()));
    opening.reason = Some(reason.to_owned());
    repo::save(&scope, &opening).await?;
    let fact = AuditFact {
        action: "opening_balance.withdrawn",
        object: id.to_string(),
        estate: Some(opening.estate),
        reason: Some(reason),
        detail: (),
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(id)
}
