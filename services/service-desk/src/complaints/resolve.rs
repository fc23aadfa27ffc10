//! Resolving a complaint.

use super::{
    COMPLAINT_HANDLE, ComplaintId,
    domain::{Complaint, Resolution},
    held::{Done, clock, demanded, held, keep, tell_answered},
    kinds::{ActKind, Cause, Department, State},
    told,
};
use crate::{
    Refused,
    revisits::{Finished, Source, finished_discreetly},
    secrecy, sla,
};
use authz::{Caller, UserId};
use db::{Db, TenantScope};
use errors::input;

/// What was found and done.
#[derive(Clone, Debug)]
pub(super) struct ResolveComplaint {
    pub result: String,
    pub cause: Cause,
    pub department: Department,
    pub responsible: Option<UserId>,
    pub preventive: String,
    pub compensation: Option<String>,
}

/// Resolves it, with cause, responsibility and prevention; the complainant is asked next, by
/// somebody who did not handle it.
#[tracing::instrument(name = "usecase.complaints.resolve", skip_all)]
pub(super) async fn resolve(
    db: &Db,
    caller: &Caller,
    which: (ComplaintId, i32),
    command: ResolveComplaint,
) -> Result<Complaint, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut complaint = held(&scope, caller, COMPLAINT_HANDLE, which).await?;
    demanded(&scope, caller, &complaint).await?;
    if let Some(user) = command.responsible
        && places::staff::find(&scope, user.as_uuid()).await?.is_none()
    {
        return Err(Refused::not_found());
    }
    let found = Resolution {
        result: input::lines("result", &command.result, 2_000)?,
        cause: command.cause,
        department: command.department,
        responsible: command.responsible,
        preventive: input::lines("preventiveAction", &command.preventive, 2_000)?,
        compensation: input::optional("compensation", command.compensation.as_deref(), 500)?,
    };
    let words = found.result.clone();
    complaint.resolve(scope.now(), found).map_err(Refused::Conflict)?;
    told::resolved(&scope, &complaint, &words).await?;
    ask_next(&scope, caller, &mut complaint).await?;
    keep(&scope, caller, &mut complaint, Done::shared(ActKind::Resolved, words)).await?;
    sla::resolved(&scope, clock(&complaint), scope.now()).await?;
    tell_answered(&scope, &complaint).await?;
    scope.commit().await?;
    Ok(complaint)
}

/// Tells revisits: who handled or resolved it, and whom it is about, do not ask.
async fn ask_next(
    scope: &TenantScope,
    caller: &Caller,
    complaint: &mut Complaint,
) -> Result<(), Refused> {
    let who = &complaint.complainant;
    let mut workers = vec![caller.user()];
    workers.extend(complaint.handler);
    workers.extend(complaint.resolution.as_ref().and_then(|found| found.responsible));
    workers.sort_unstable();
    workers.dedup();
    let reference = match complaint.reopened {
        0 => complaint.id.as_uuid(),
        _ => scope.new_id(),
    };
    let fact = Finished {
        source: Source::Complaint,
        reference,
        estate: complaint.estate,
        unit: who.unit.filter(|_| !who.anonymous),
        person: who.person,
        workers,
        summary: complaint.called(),
        at: scope.now(),
    };
    let name = (reference, complaint.id.to_string());
    secrecy::belongs(scope, complaint.id.as_uuid(), name).await?;
    if finished_discreetly(scope, fact, who.anonymous).await? {
        complaint.state = State::RevisitDue;
    }
    complaint.revisit_reference = Some(reference);
    Ok(())
}
