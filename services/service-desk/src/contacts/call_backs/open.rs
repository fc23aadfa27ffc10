//! Opening a call to be returned, and what becomes of it with its contact.

use super::{CallBack, CallBackId, Outcome, repo};
use crate::{
    Refused,
    contacts::{Contact, domain::State, repo as contacts},
    homes, secrecy,
    sla::{self, Subject, SubjectKind},
};
use authz::UserId;
use db::TenantScope;

/// The class of a missed call in what is promised.
const CODE: &str = "MISSED";

/// What the promises of time know a call to be returned by.
pub(super) const fn clock(id: CallBackId) -> Subject {
    Subject::new(SubjectKind::CallBack, id.as_uuid())
}

/// Keeps a missed call, which is to be returned by when the estate promises it; its clock runs since
/// the phone rang.
pub(in crate::contacts) async fn open(
    scope: &TenantScope,
    contact: &mut Contact,
) -> Result<CallBackId, Refused> {
    let id = CallBackId::from_uuid(scope.new_id());
    let estate = homes::estate(scope, contact.estate).await?;
    sla::start(scope, &estate, clock(id), CODE, contact.at, contact.owner).await?;
    let promised = sla::states(scope, [clock(id)]).await?.remove(&clock(id));
    if let Some(by) = promised.and_then(|state| state.respond_by) {
        contact.due_at = by;
    }
    contacts::insert(scope, contact).await?;
    let one = CallBack {
        id,
        contact: contact.id,
        estate: contact.estate,
        due_at: contact.due_at,
        outcome: None,
        tries: 0,
        note: None,
        done_at: None,
        done_by: None,
        version: 1,
    };
    repo::insert(scope, &one).await?;
    Ok(id)
}

/// A missed call was changed: whoever has it now returns it; once it was answered or became something
/// else nothing is left to be returned, and what is kept from somebody with it stays kept.
pub(in crate::contacts) async fn follow(
    scope: &TenantScope,
    contact: &Contact,
) -> Result<(), Refused> {
    let Some(mut one) = repo::of_contact(scope, contact.id).await? else { return Ok(()) };
    secrecy::follows(scope, (one.id.as_uuid(), one.id.to_string()), contact.id.as_uuid()).await?;
    if one.done_at.is_some() {
        return Ok(());
    }
    if contact.state == State::Open {
        return sla::assigned(scope, clock(one.id), contact.owner).await;
    }
    let by: UserId = contact.answered_by.or(contact.owner).unwrap_or(contact.recorded_by);
    one.tried(Outcome::Reached, (by, scope.now()));
    // It is held: nobody else writes it meanwhile.
    repo::save(scope, &mut one).await?;
    sla::resolved(scope, clock(one.id), scope.now()).await
}
