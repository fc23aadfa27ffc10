//! Who handles a complaint.

use super::{
    COMPLAINT_GRADE, ComplaintId,
    domain::Complaint,
    held::{Done, clock, held, keep},
    kinds::{ActKind, Grade},
    say,
};
use crate::{Refused, responders, sla};
use authz::{Caller, Denied, UserId};
use db::{Db, TenantScope};

/// Gives it to somebody: anybody for an ordinary one, a director for an important or major one,
/// never somebody whom it is about.
#[tracing::instrument(name = "usecase.complaints.assign", skip_all)]
pub(super) async fn assign(
    db: &Db,
    caller: &Caller,
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
    high_enough(&scope, &complaint, handler).await?;
    keep(&scope, caller, &mut complaint, Done::shared(ActKind::Assigned, None)).await?;
    sla::assigned(&scope, clock(&complaint), Some(handler)).await?;
    scope.commit().await?;
    Ok(complaint)
}

async fn high_enough(
    scope: &TenantScope,
    complaint: &Complaint,
    handler: UserId,
) -> Result<(), Refused> {
    let Some(grade) = complaint.grade().filter(|grade| *grade > Grade::Ordinary) else {
        return Ok(());
    };
    let found = responders::repo::find(scope, complaint.estate, handler).await?;
    if found.is_some_and(|found| found.level >= grade.least()) {
        Ok(())
    } else {
        Err(Refused::invalid("handlerId", say::handled_higher()))
    }
}
