//! Finding a complaint that a caller may know of, and keeping what they do to it.

use super::{
    COMPLAINT_HANDLE, COMPLAINT_READ, ComplaintId,
    acts_repo::{self, Act},
    domain::Complaint,
    kinds::{ActKind, Class, Grade},
    repo,
};
use crate::{
    Refused, homes, responders,
    sla::{self, Subject, SubjectKind},
};
use authz::{AuditFact, Caller, Denied, Permission, UserId, audit};
use chrono::{DateTime, Utc};
use contracts::{
    UnitId,
    service_desk::{ComplaintAnswered, ComplaintOpened},
};
use db::TenantScope;
use ids::EstateId;

/// The estate of a complaint that the caller may see, for what hangs on it, such as photos.
///
/// # Errors
/// `NOT_FOUND`, also for whom it is about.
pub(crate) async fn seen(
    scope: &TenantScope,
    caller: &Caller,
    id: ComplaintId,
) -> Result<EstateId, Refused> {
    Ok(known(scope, caller, id).await?.estate)
}

/// A complaint that the caller may see.
///
/// # Errors
/// `NOT_FOUND`, also for whom it is about.
pub(super) async fn known(
    scope: &TenantScope,
    caller: &Caller,
    id: ComplaintId,
) -> Result<Complaint, Refused> {
    let estate = repo::estate_of(scope, id).await?.ok_or_else(Refused::not_found)?;
    let right = caller.read(COMPLAINT_READ, estate)?;
    repo::seen(scope, &right, id).await?.ok_or_else(Refused::not_found)
}

/// A complaint on which the caller may act, as they read it.
///
/// # Errors
/// `NOT_FOUND` for who may not know of it; only then whether the right is missing; `CONFLICT` when
/// it was changed meanwhile.
pub(super) async fn held(
    scope: &TenantScope,
    caller: &Caller,
    permission: Permission,
    (id, version): (ComplaintId, i32),
) -> Result<Complaint, Refused> {
    let complaint = known(scope, caller, id).await?;
    caller.act(permission, COMPLAINT_READ, complaint.estate)?;
    if complaint.version == version {
        Ok(complaint)
    } else {
        Err(Refused::Conflict(crate::say::changed_meanwhile()))
    }
}

/// What is done, for the timeline.
pub(super) struct Done {
    pub kind: ActKind,
    pub words: Option<String>,
    pub shared: bool,
}

impl Done {
    /// An act that the complainant sees.
    pub fn shared(kind: ActKind, words: impl Into<Option<String>>) -> Self {
        Self { kind, words: words.into(), shared: true }
    }

    /// An act for staff only.
    pub fn inside(kind: ActKind, words: impl Into<Option<String>>) -> Self {
        Self { kind, words: words.into(), shared: false }
    }
}

/// Writes a complaint that was read as `held`, and the act on its timeline and in the audit log.
///
/// # Errors
/// `CONFLICT` when it was changed meanwhile.
pub(super) async fn keep(
    scope: &TenantScope,
    caller: &Caller,
    complaint: &mut Complaint,
    done: Done,
) -> Result<(), Refused> {
    if !repo::save(scope, complaint).await? {
        return Err(Refused::Conflict(crate::say::changed_meanwhile()));
    }
    complaint.version += 1;
    note(scope, caller, complaint, done).await
}

/// Puts an act on the timeline and into the audit log.
pub(super) async fn note(
    scope: &TenantScope,
    caller: &Caller,
    complaint: &Complaint,
    done: Done,
) -> Result<(), Refused> {
    let fact = AuditFact {
        action: action(done.kind),
        object: complaint.id.to_string(),
        estate: Some(complaint.estate),
        reason: done.words.as_deref().filter(|_| done.kind == ActKind::Revealed),
        detail: complaint.state,
    };
    audit(scope, caller, fact).await?;
    let (kind, words, shared) = (done.kind, done.words, done.shared);
    let act = Act { at: scope.now(), by: caller.user(), kind, words, shared };
    Ok(acts_repo::insert(scope, complaint.id, act).await?)
}

fn action(kind: ActKind) -> &'static str {
    match kind {
        ActKind::Received => "complaint.received",
        ActKind::FirstResponded => "complaint.first_responded",
        ActKind::Graded => "complaint.graded",
        ActKind::About => "complaint.about_set",
        ActKind::Assigned => "complaint.assigned",
        ActKind::Noted => "complaint.noted",
        ActKind::TimeProposed => "complaint.time_proposed",
        ActKind::TimeAgreed => "complaint.time_agreed",
        ActKind::OtherPartyTold => "complaint.other_party_told",
        ActKind::Escalated => "complaint.escalated",
        ActKind::Resolved => "complaint.resolved",
        ActKind::Declined => "complaint.declined",
        ActKind::Revisited => "complaint.revisited",
        ActKind::Closed => "complaint.closed",
        ActKind::Reopened => "complaint.reopened",
        ActKind::Linked => "complaint.linked",
        ActKind::Revealed => "complaint.revealed",
    }
}

/// What billing knows a household's complaint by, once for each time it is open.
fn dispute(complaint: &Complaint) -> String {
    match complaint.reopened {
        0 => complaint.id.to_string(),
        again => format!("{}/{again}", complaint.id),
    }
}

/// The home that complains of the company, whose fees are not demanded until it is answered
/// (handbook S7: what makes a debtor dissatisfied is mended first). Neighbours complain of each
/// other; and of an anonymous complaint the pause would say who complained.
fn dissatisfied(complaint: &Complaint) -> Option<UnitId> {
    let who = &complaint.complainant;
    who.unit.filter(|_| !who.anonymous && complaint.class != Class::Neighbour)
}

/// Tells that a home is dissatisfied. A complaint about a colleague is not told: the colleague may
/// see the pause.
pub(super) async fn tell_opened(scope: &TenantScope, complaint: &Complaint) -> Result<(), Refused> {
    if let (Some(unit), true) = (dissatisfied(complaint), complaint.subjects.is_empty()) {
        let event = ComplaintOpened {
            complaint: dispute(complaint),
            estate: complaint.estate,
            unit,
            subject: complaint.called(),
        };
        events::publish(scope, &event).await?;
    }
    Ok(())
}

/// Tells that it is answered.
pub(super) async fn tell_answered(
    scope: &TenantScope,
    complaint: &Complaint,
) -> Result<(), Refused> {
    if dissatisfied(complaint).is_some() {
        events::publish(scope, &ComplaintAnswered { complaint: dispute(complaint) }).await?;
    }
    Ok(())
}

/// What the promises of time know a complaint by.
pub(super) fn clock(complaint: &Complaint) -> Subject {
    Subject::new(SubjectKind::Complaint, complaint.id.as_uuid())
}

/// Starts the clock at its first receipt. It runs whoever it is about: of whom they may not know,
/// the promises of time tell nobody.
pub(super) async fn start_clock(scope: &TenantScope, complaint: &Complaint) -> Result<(), Refused> {
    start_at(scope, complaint, complaint.received_at).await
}

async fn start_at(
    scope: &TenantScope,
    complaint: &Complaint,
    at: DateTime<Utc>,
) -> Result<(), Refused> {
    let estate = homes::estate(scope, complaint.estate).await?;
    let code = db::stored::word(complaint.class)?;
    sla::start(scope, &estate, clock(complaint), &code, at, complaint.handler).await
}

/// Lets the clock of a complaint that begins anew run again, and takes over what it promises now.
pub(super) async fn restart_clock(
    scope: &TenantScope,
    complaint: &mut Complaint,
) -> Result<(), Refused> {
    let subject = clock(complaint);
    if sla::states(scope, [subject]).await?.is_empty() {
        // One about staff had none in earlier versions.
        start_at(scope, complaint, scope.now()).await?;
    } else {
        sla::reopened(scope, subject).await?;
    }
    let state = sla::states(scope, [subject]).await?.remove(&subject);
    complaint.due_at = state.and_then(|state| state.resolve_by).unwrap_or(complaint.due_at);
    Ok(())
}

/// Whether somebody may handle a complaint of its grade: a director, if it is important or major
/// (handbook ch. 22).
pub(super) async fn high_enough(
    scope: &TenantScope,
    complaint: &Complaint,
    user: UserId,
) -> Result<bool, Refused> {
    let Some(grade) = complaint.grade().filter(|grade| *grade > Grade::Ordinary) else {
        return Ok(true);
    };
    let found = responders::repo::find(scope, complaint.estate, user).await?;
    Ok(found.is_some_and(|found| found.level >= grade.least()))
}

/// Refuses who ends a complaint, or asks for more time, that its grade keeps for somebody above
/// them.
///
/// # Errors
/// `FORBIDDEN`.
pub(super) async fn demanded(
    scope: &TenantScope,
    caller: &Caller,
    complaint: &Complaint,
) -> Result<(), Refused> {
    if high_enough(scope, complaint, caller.user()).await? {
        Ok(())
    } else {
        Err(Denied::Missing(COMPLAINT_HANDLE).into())
    }
}
