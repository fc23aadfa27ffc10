//! Working on a complaint.

use super::{
    COMPLAINT_HANDLE, ComplaintId,
    domain::Complaint,
    held::{Done, held, keep},
    kinds::ActKind,
};
use crate::Refused;
use authz::Caller;
use db::Db;
use errors::input;

/// Notes what was done about it; shared notes are for the complainant as well.
#[tracing::instrument(name = "usecase.complaints.note", skip_all)]
pub(super) async fn note(
    db: &Db,
    caller: &Caller,
    which: (ComplaintId, i32),
    (words, shared): (&str, bool),
) -> Result<Complaint, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut complaint = held(&scope, caller, COMPLAINT_HANDLE, which).await?;
    let words = input::lines("words", words, 2_000)?;
    complaint.work().map_err(Refused::Conflict)?;
    let done = Done { kind: ActKind::Noted, words: Some(words), shared };
    keep(&scope, caller, &mut complaint, done).await?;
    scope.commit().await?;
    Ok(complaint)
}
