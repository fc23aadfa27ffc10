//! The second look at a revisit.

use super::{
    Revisit, RevisitState,
    held::{held, kept},
};
use crate::{
    Refused,
    revisits::{REVISIT_MANAGE, RevisitId, say},
};
use authz::{AuditFact, Caller, Denied, audit};
use db::Db;
use errors::input;

/// Notes that a second person looked at it: neither who asked nor who did the work.
#[tracing::instrument(name = "usecase.revisits.review", skip_all)]
pub(in crate::revisits) async fn review(
    db: &Db,
    caller: &Caller,
    which: (RevisitId, i32),
    note: Option<&str>,
) -> Result<Revisit, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut revisit = held(&scope, caller, REVISIT_MANAGE, which).await?;
    if revisit.is_worker(caller.user()) {
        return Err(Denied::SamePerson(say::worker_does_not_ask()).into());
    }
    if revisit.recorded_by == Some(caller.user()) {
        return Err(Denied::SamePerson(say::visitor_does_not_review()).into());
    }
    if !revisit.can_be_reviewed() {
        return Err(Refused::Conflict(say::nothing_to_review()));
    }
    revisit.review_note = input::optional("note", note, 500)?;
    revisit.state = RevisitState::Reviewed;
    revisit.reviewed_by = Some(caller.user());
    revisit.reviewed_at = Some(scope.now());
    kept(&scope, &mut revisit).await?;
    let fact = AuditFact {
        action: "revisit.reviewed",
        object: revisit.id.to_string(),
        estate: Some(revisit.estate),
        reason: revisit.review_note.as_deref(),
        detail: revisit.rating,
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(revisit)
}
