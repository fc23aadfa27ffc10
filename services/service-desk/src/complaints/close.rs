//! Closing and reopening a complaint.

use super::{
    COMPLAINT_CREATE, COMPLAINT_HANDLE, ComplaintId,
    domain::Complaint,
    held::{Done, demanded, held, keep, restart_clock, tell_opened},
    kinds::ActKind,
    told,
};
use crate::{
    Refused,
    revisits::{self, RevisitState, Source},
};
use authz::{Caller, Subject};
use db::{Db, TenantScope};
use errors::input;

/// Closes it where no answer of the complainant does: none is due, or they could not be reached.
/// Whom it is about does not find it.
#[tracing::instrument(name = "usecase.complaints.close", skip_all)]
pub(super) async fn close(
    db: &Db,
    caller: &Caller,
    which: (ComplaintId, i32),
    reason: &str,
) -> Result<Complaint, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut complaint = held(&scope, caller, COMPLAINT_HANDLE, which).await?;
    let reason = input::lines("reason", reason, 500)?;
    demanded(&scope, caller, &complaint).await?;
    let in_vain = asked_in_vain(&scope, &complaint).await?;
    complaint.close_unasked(scope.now(), in_vain).map_err(Refused::Conflict)?;
    told::closed(&scope, &complaint, &reason).await?;
    keep(&scope, caller, &mut complaint, Done::shared(ActKind::Closed, reason)).await?;
    scope.commit().await?;
    Ok(complaint)
}

async fn asked_in_vain(scope: &TenantScope, complaint: &Complaint) -> Result<bool, Refused> {
    let Some(reference) = complaint.revisit_reference else { return Ok(false) };
    let state = revisits::state_of(scope, Source::Complaint, reference).await?;
    let over = |state| matches!(state, RevisitState::Unreachable | RevisitState::Reviewed);
    Ok(state.is_some_and(over))
}

/// Begins it anew, within seven days of its end.
#[tracing::instrument(name = "usecase.complaints.reopen", skip_all)]
pub(super) async fn reopen(
    db: &Db,
    caller: &Caller,
    which: (ComplaintId, i32),
    reason: &str,
) -> Result<Complaint, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let resident = matches!(caller.subject(), Subject::Resident { .. });
    let permission = if resident { COMPLAINT_CREATE } else { COMPLAINT_HANDLE };
    let mut complaint = held(&scope, caller, permission, which).await?;
    let reason = input::lines("reason", reason, 1_000)?;
    complaint.reopen(scope.now()).map_err(Refused::Conflict)?;
    restart_clock(&scope, &mut complaint).await?;
    keep(&scope, caller, &mut complaint, Done::shared(ActKind::Reopened, reason)).await?;
    tell_opened(&scope, &complaint).await?;
    scope.commit().await?;
    Ok(complaint)
}
