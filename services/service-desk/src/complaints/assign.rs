//! Who handles a complaint.

use super::{
    COMPLAINT_GRADE, COMPLAINT_HANDLE, ComplaintId,
    domain::Complaint,
    held::{Done, clock, held, high_enough, keep},
    kinds::ActKind,
    say,
};
use crate::{Refused, sla};
use authz::{Caller, Denied, PolicyStore, SubjectKind, UserId};
use db::{Db, TenantScope};
use ids::TenantId;

/// Gives it to somebody who handles complaints in the estate: anybody of them for an ordinary one, a
/// director for an important or major one, never somebody whom it is about.
#[tracing::instrument(name = "usecase.complaints.assign", skip_all)]
pub(super) async fn assign(
    db: &Db,
    (caller, policy): (&Caller, &PolicyStore),
    which: (ComplaintId, i32),
    handler: UserId,
) -> Result<Complaint, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut complaint = held(&scope, caller, COMPLAINT_GRADE, which).await?;
    let known = places::staff::find(&scope, handler.as_uuid()).await?;
    if !known.is_some_and(|colleague| colleague.active) {
        return Err(Refused::not_found());
    }
    if complaint.subjects.contains(&handler) {
        return Err(Denied::SamePerson(say::about_the_handler()).into());
    }
    complaint.assign(handler).map_err(Refused::Conflict)?;
    fits(&scope, (caller.tenant(), policy), &complaint, handler).await?;
    keep(&scope, caller, &mut complaint, Done::shared(ActKind::Assigned, None)).await?;
    sla::assigned(&scope, clock(&complaint), Some(handler)).await?;
    scope.commit().await?;
    Ok(complaint)
}

/// Refuses who could not handle it: without the right in the estate, or too low for its grade.
async fn fits(
    scope: &TenantScope,
    (tenant, policy): (TenantId, &PolicyStore),
    complaint: &Complaint,
    handler: UserId,
) -> Result<(), Refused> {
    let rights = policy.rights(tenant, handler.as_uuid(), SubjectKind::Staff);
    if !rights.allows(COMPLAINT_HANDLE.as_str(), Some(complaint.estate)) {
        return Err(Refused::invalid("handlerId", say::handles_here()));
    }
    if high_enough(scope, complaint, handler).await? {
        Ok(())
    } else {
        Err(Refused::invalid("handlerId", say::handled_higher()))
    }
}
