//! When something was first received that came of a contact, or that a desk types in afterwards: its
//! promises of time count from there (handbook ch. 22).

use super::{ContactId, reading::visible, say};
use crate::Refused;
use authz::{Caller, Subject};
use chrono::{DateTime, SubsecRound as _, Utc};
use db::TenantScope;
use ids::EstateId;

/// When it was: as the desk says, else when the contact was by which it came, else now.
///
/// # Errors
/// `NOT_FOUND` for a contact that is not to be seen or of another estate; wrong input `receivedAt`
/// for a time to come, one before the contact, or a resident's.
pub(crate) async fn first_receipt(
    scope: &TenantScope,
    caller: &Caller,
    estate: EstateId,
    (contact, said): (Option<ContactId>, Option<DateTime<Utc>>),
) -> Result<DateTime<Utc>, Refused> {
    let contact = match contact {
        Some(id) => Some(visible(scope, caller, id).await?),
        None => None,
    };
    if contact.as_ref().is_some_and(|contact| contact.estate != estate) {
        return Err(Refused::not_found());
    }
    let came = contact.map(|contact| contact.at);
    let Some(said) = said else { return Ok(came.unwrap_or_else(|| scope.now())) };
    let wrong = |reason| Err(Refused::invalid("receivedAt", reason));
    let said = said.trunc_subsecs(3);
    match caller.subject() {
        Subject::Resident { .. } => wrong(say::for_the_desk()),
        _ if said > scope.now() => wrong(say::not_in_the_future()),
        _ if came.is_some_and(|came| said < came) => wrong(say::not_before_the_contact()),
        _ => Ok(said),
    }
}
