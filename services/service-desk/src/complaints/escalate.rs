//! Taking a complaint up, and linking those of one cause.

use super::{
    COMPLAINT_GRADE, COMPLAINT_HANDLE, ComplaintId,
    domain::Complaint,
    held::{Done, held, keep, known},
    kinds::{Above, ActKind},
};
use crate::Refused;
use authz::Caller;
use db::Db;
use errors::{expected, input};

/// The most complaints that are linked at once.
const MOST: usize = 50;

/// Takes it to somebody above.
#[tracing::instrument(name = "usecase.complaints.escalate", skip_all)]
pub(super) async fn escalate(
    db: &Db,
    caller: &Caller,
    which: (ComplaintId, i32),
    (above, reason): (Above, &str),
) -> Result<Complaint, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut complaint = held(&scope, caller, COMPLAINT_HANDLE, which).await?;
    let reason = input::lines("reason", reason, 500)?;
    complaint.escalate(above).map_err(Refused::Conflict)?;
    keep(&scope, caller, &mut complaint, Done::inside(ActKind::Escalated, reason)).await?;
    scope.commit().await?;
    Ok(complaint)
}

/// Says that complaints of an estate have the same cause; a group that one of them has already
/// takes the others in.
#[tracing::instrument(name = "usecase.complaints.link", skip_all)]
pub(super) async fn link(
    db: &Db,
    caller: &Caller,
    mut which: Vec<(ComplaintId, i32)>,
) -> Result<Vec<Complaint>, Refused> {
    which.sort_unstable();
    which.dedup_by_key(|it| it.0);
    if !(2..=MOST).contains(&which.len()) {
        return Err(Refused::invalid("complaints", expected::items(2, MOST)));
    }
    let scope = db.write(caller.tenant()).await?;
    // Whether one is not there is said first, whichever it is.
    for (id, _) in &which {
        known(&scope, caller, *id).await?;
    }
    let mut found: Vec<Complaint> = Vec::with_capacity(which.len());
    for one in which {
        found.push(held(&scope, caller, COMPLAINT_GRADE, one).await?);
    }
    let estate = found.first().map(|first| first.estate);
    if found.iter().any(|it| Some(it.estate) != estate) {
        return Err(Refused::not_found());
    }
    let group = found.iter().find_map(|it| it.same_cause).unwrap_or_else(|| scope.new_id());
    for complaint in &mut found {
        complaint.same_cause = Some(group);
        keep(&scope, caller, complaint, Done::inside(ActKind::Linked, None)).await?;
    }
    scope.commit().await?;
    Ok(found)
}
