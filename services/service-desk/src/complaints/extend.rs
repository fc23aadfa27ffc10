//! A later time, which only the complainant's yes makes count (handbook ch. 22).

use super::{
    COMPLAINT_CREATE, COMPLAINT_HANDLE, ComplaintId,
    domain::{Complaint, Proposal},
    held::{Done, clock, demanded, held, keep},
    kinds::ActKind,
    say, told,
};
use crate::{Refused, sla};
use authz::{Caller, Subject};
use chrono::{DateTime, Utc};
use db::Db;
use errors::input;

/// Asks the complainant for more time.
#[tracing::instrument(name = "usecase.complaints.propose_time", skip_all)]
pub(super) async fn propose(
    db: &Db,
    caller: &Caller,
    which: (ComplaintId, i32),
    (until, reason): (DateTime<Utc>, &str),
) -> Result<Complaint, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut complaint = held(&scope, caller, COMPLAINT_HANDLE, which).await?;
    let reason = input::lines("reason", reason, 500)?;
    demanded(&scope, caller, &complaint).await?;
    if until <= scope.now() || until <= complaint.due_at {
        return Err(Refused::invalid("until", say::later_than_promised()));
    }
    let words = reason.clone();
    complaint.propose(Proposal { until, reason }).map_err(Refused::Conflict)?;
    let done = Done::shared(ActKind::TimeProposed, words);
    keep(&scope, caller, &mut complaint, done).await?;
    told::more_time(&scope, &complaint).await?;
    scope.commit().await?;
    Ok(complaint)
}

/// The complainant agrees: by the app, or as staff write down how they did.
#[tracing::instrument(name = "usecase.complaints.agree_time", skip_all)]
pub(super) async fn agree(
    db: &Db,
    caller: &Caller,
    which: (ComplaintId, i32),
    agreement: Option<&str>,
) -> Result<Complaint, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let resident = matches!(caller.subject(), Subject::Resident { .. });
    let permission = if resident { COMPLAINT_CREATE } else { COMPLAINT_HANDLE };
    let mut complaint = held(&scope, caller, permission, which).await?;
    if !resident {
        demanded(&scope, caller, &complaint).await?;
    }
    let agreement = input::optional("agreement", agreement, 500)?;
    if !resident && agreement.is_none() {
        return Err(Refused::invalid("agreement", say::only_complainant_agrees()));
    }
    complaint.agree().map_err(Refused::Conflict)?;
    let done = Done::shared(ActKind::TimeAgreed, agreement);
    keep(&scope, caller, &mut complaint, done).await?;
    sla::extended(&scope, clock(&complaint), complaint.due_at).await?;
    scope.commit().await?;
    Ok(complaint)
}
