//! Asking in vain.

use super::{
    Channel, Revisit, attempts_repo,
    held::{held, kept},
};
use crate::{
    Refused,
    revisits::{REVISIT_RECORD, RevisitId, say},
};
use authz::{AuditFact, Caller, Denied, audit};
use chrono::{DateTime, Utc};
use db::Db;
use errors::input;

/// Nobody was reached.
#[derive(Clone, Debug)]
pub(in crate::revisits) struct AttemptRevisit {
    pub revisit: RevisitId,
    pub version: i32,
    pub channel: Channel,
    pub note: Option<String>,
    pub next_try_at: Option<DateTime<Utc>>,
}

/// Notes a try in vain; after the third the household counts as unreachable.
#[tracing::instrument(name = "usecase.revisits.attempt", skip_all)]
pub(in crate::revisits) async fn attempt(
    db: &Db,
    caller: &Caller,
    command: AttemptRevisit,
) -> Result<Revisit, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let which = (command.revisit, command.version);
    let mut revisit = held(&scope, caller, REVISIT_RECORD, which).await?;
    may_call(&revisit, caller, scope.now())?;
    let note = input::optional("note", command.note.as_deref(), 500)?;
    revisit.tried(scope.now(), command.next_try_at)?;
    let made = (caller.user(), command.channel, note);
    attempts_repo::insert(&scope, &revisit, made).await?;
    kept(&scope, &mut revisit).await?;
    let fact = AuditFact {
        action: "revisit.attempted",
        object: revisit.id.to_string(),
        estate: Some(revisit.estate),
        reason: None,
        detail: (revisit.attempts, command.channel),
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(revisit)
}

/// Whether this person may call now: not who did the work, and not while the resident may still
/// answer by the app.
pub(super) fn may_call(
    revisit: &Revisit,
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<(), Refused> {
    if revisit.is_worker(caller.user()) {
        return Err(Denied::SamePerson(say::worker_does_not_ask()).into());
    }
    revisit.not_to_call(now).map_or(Ok(()), |reason| Err(Refused::Conflict(reason)))
}
