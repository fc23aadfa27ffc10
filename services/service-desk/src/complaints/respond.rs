//! The first response, and the grade that comes after it.

use super::{
    COMPLAINT_GRADE, COMPLAINT_HANDLE, ComplaintId,
    domain::Complaint,
    held::{Done, clock, demanded, held, high_enough, keep, tell_answered},
    kinds::{ActKind, Ground},
    told,
};
use crate::{Refused, sla};
use authz::Caller;
use db::Db;
use errors::input;

/// Answers the complainant for the first time; the clock of the first response ends.
#[tracing::instrument(name = "usecase.complaints.respond", skip_all)]
pub(super) async fn respond(
    db: &Db,
    caller: &Caller,
    which: (ComplaintId, i32),
    words: &str,
) -> Result<Complaint, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut complaint = held(&scope, caller, COMPLAINT_HANDLE, which).await?;
    let words = input::lines("words", words, 2_000)?;
    complaint.respond(scope.now()).map_err(Refused::Conflict)?;
    told::answered(&scope, &complaint, &words).await?;
    let done = Done::shared(ActKind::FirstResponded, words);
    keep(&scope, caller, &mut complaint, done).await?;
    sla::responded(&scope, clock(&complaint), scope.now()).await?;
    scope.commit().await?;
    Ok(complaint)
}

/// Grades it by what it is grounded on (handbook ch. 22); it is valid then. A handler who is too low
/// for the grade handles it no more.
#[tracing::instrument(name = "usecase.complaints.grade", skip_all)]
pub(super) async fn grade(
    db: &Db,
    caller: &Caller,
    which: (ComplaintId, i32),
    (ground, reason): (Ground, Option<&str>),
) -> Result<Complaint, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut complaint = held(&scope, caller, COMPLAINT_GRADE, which).await?;
    let reason = input::optional("reason", reason, 500)?;
    complaint.give_grade(ground).map_err(Refused::Conflict)?;
    let lifted = match complaint.handler {
        Some(handler) => !high_enough(&scope, &complaint, handler).await?,
        None => false,
    };
    if lifted {
        complaint.take_from_handler();
    }
    keep(&scope, caller, &mut complaint, Done::inside(ActKind::Graded, reason)).await?;
    if lifted {
        sla::assigned(&scope, clock(&complaint), None).await?;
    }
    scope.commit().await?;
    Ok(complaint)
}

/// Finds it out of scope and explains why; it is closed with that (handbook ch. 22, "Invalid").
#[tracing::instrument(name = "usecase.complaints.decline", skip_all)]
pub(super) async fn decline(
    db: &Db,
    caller: &Caller,
    which: (ComplaintId, i32),
    explanation: &str,
) -> Result<Complaint, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut complaint = held(&scope, caller, COMPLAINT_GRADE, which).await?;
    demanded(&scope, caller, &complaint).await?;
    let explanation = input::lines("explanation", explanation, 2_000)?;
    complaint.decline(scope.now()).map_err(Refused::Conflict)?;
    told::closed(&scope, &complaint, &explanation).await?;
    let done = Done::shared(ActKind::Declined, explanation);
    keep(&scope, caller, &mut complaint, done).await?;
    sla::resolved(&scope, clock(&complaint), scope.now()).await?;
    tell_answered(&scope, &complaint).await?;
    scope.commit().await?;
    Ok(complaint)
}
