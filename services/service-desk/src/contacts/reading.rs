//! Who sees which contact.

use super::{CONTACT_READ, Contact, ContactId, Outcome, call_backs, domain, repo};
use crate::{Refused, say, secrecy};
use authz::{Caller, EstateScope};
use db::TenantScope;
use ids::EstateId;

/// Whether a right covers a contact: all of the estate; for who has a zone its buildings and what
/// they recorded, own or are offered; for a resident what is of themself.
pub(super) fn covers(right: &EstateScope, contact: &Contact) -> bool {
    let me = Some(right.subject().user());
    let mine = [Some(contact.recorded_by), contact.owner, contact.offered_to].contains(&me);
    let here = contact.estate == right.estate();
    let own = |person| contact.person.is_some_and(|of| of.as_uuid() == person);
    let near = |zone: &[uuid::Uuid]| {
        mine || contact.building.is_some_and(|building| zone.contains(&building.as_uuid()))
    };
    here && right.own_person().is_none_or(own) && right.zone().is_none_or(near)
}

/// Refuses a contact that a right does not cover, or that became a complaint about the caller.
///
/// # Errors
/// `NOT_FOUND`.
pub(super) async fn within(
    scope: &TenantScope,
    right: &EstateScope,
    contact: &Contact,
) -> Result<(), Refused> {
    if !covers(right, contact) {
        return Err(Refused::not_found());
    }
    secrecy::refuse_hidden(scope, right.subject(), contact.id.as_uuid()).await
}

/// The contact, when the caller may see it.
///
/// # Errors
/// `NOT_FOUND`.
pub(super) async fn visible(
    scope: &TenantScope,
    caller: &Caller,
    id: ContactId,
) -> Result<Contact, Refused> {
    let contact = repo::find(scope, id).await?.ok_or(Refused::not_found())?;
    let right = caller.read(CONTACT_READ, contact.estate)?;
    within(scope, &right, &contact).await?;
    Ok(contact)
}

/// The estate of a contact that the caller may see.
///
/// # Errors
/// `NOT_FOUND`.
pub(crate) async fn seen(
    scope: &TenantScope,
    caller: &Caller,
    id: ContactId,
) -> Result<EstateId, Refused> {
    Ok(visible(scope, caller, id).await?.estate)
}

/// A contact has become something else; whoever makes that calls this in the same transaction and
/// asks [`seen`] first. The same again changes nothing.
///
/// # Errors
/// `NOT_FOUND`; `CONFLICT` when it was answered or became something else.
pub(crate) async fn converted(
    scope: &TenantScope,
    contact: ContactId,
    into: Outcome,
) -> Result<(), Refused> {
    let mut contact = repo::lock(scope, contact).await?.ok_or(Refused::not_found())?;
    if contact.convert(into, scope.now())? {
        written(scope, &mut contact).await?;
    }
    Ok(())
}

/// Writes a contact that was changed; a missed call's task goes with it.
///
/// # Errors
/// `CONFLICT` when somebody else wrote it meanwhile.
pub(super) async fn written(scope: &TenantScope, contact: &mut Contact) -> Result<(), Refused> {
    if !repo::save(scope, contact).await? {
        return Err(Refused::Conflict(say::changed_meanwhile()));
    }
    if contact.missed {
        call_backs::follow(scope, contact).await?;
    }
    Ok(())
}

/// A contact to be changed: held, covered by the right, and as the caller saw it.
///
/// # Errors
/// `NOT_FOUND`, `FORBIDDEN`; `CONFLICT` when it was changed meanwhile.
pub(super) async fn held(
    scope: &TenantScope,
    caller: &Caller,
    id: ContactId,
    expected: i32,
) -> Result<Contact, Refused> {
    let contact = repo::lock(scope, id).await?.ok_or(Refused::not_found())?;
    let right = caller.act(super::CONTACT_HANDLE, CONTACT_READ, contact.estate)?;
    within(scope, &right, &contact).await?;
    domain::unchanged(contact.version, expected)?;
    Ok(contact)
}
