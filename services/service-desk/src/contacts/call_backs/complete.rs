//! Returning a missed call.

use super::{CallBack, CallBackId, Outcome, open::clock, repo};
use crate::{
    Refused,
    contacts::{
        CONTACT_HANDLE, CONTACT_READ, Contact,
        domain::{State, unchanged},
        log::note,
        reading::{within, written},
        repo as contacts, say,
    },
    secrecy, sla,
    timeline::place,
};
use authz::{Caller, EstateScope};
use db::{Db, TenantScope};
use errors::input;
use graphql::PageArgs;
use ids::EstateId;

/// How calling back ended, as the caller saw it before.
#[derive(Clone, Debug)]
pub(super) struct Complete {
    pub id: CallBackId,
    pub version: i32,
    pub outcome: Outcome,
    pub note: Option<String>,
}

/// The call was returned, or tried to be. Who picked up has what they wanted from now on in its usual
/// time; who did not is tried again, three times in all.
#[tracing::instrument(name = "usecase.contacts.call_back", skip_all, fields(call_back.id = %command.id))]
pub(super) async fn complete(
    db: &Db,
    caller: &Caller,
    command: Complete,
) -> Result<CallBack, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let found = repo::find(&scope, command.id).await?.ok_or(Refused::not_found())?;
    let contact = contacts::lock(&scope, found.contact).await?;
    let mut contact = contact.ok_or(Refused::not_found())?;
    let right = caller.act(CONTACT_HANDLE, CONTACT_READ, contact.estate)?;
    within(&scope, &right, &contact).await?;
    let mut one = repo::lock(&scope, command.id).await?.ok_or(Refused::not_found())?;
    if one.done_at.is_some() {
        return Err(Refused::Conflict(say::called_back()));
    }
    unchanged(one.version, command.version)?;
    one.note = input::optional("note", command.note.as_deref(), 500)?;
    one.tried(command.outcome, (caller.user(), scope.now()));
    unchanged(i32::from(repo::save(&scope, &mut one).await?), 1)?;
    timed(&scope, &one).await?;
    if contact.state == State::Open {
        let usual = contact.urgency.due(scope.now());
        contact.due_at = if one.done_at.is_some() { usual } else { one.due_at };
        written(&scope, &mut contact).await?;
    }
    note(&scope, caller, "contact.called_back", &contact, None).await?;
    scope.commit().await?;
    Ok(one)
}

/// Tells the clock of a try: calling is the answer, and what goes on has until the next try.
async fn timed(scope: &TenantScope, one: &CallBack) -> Result<(), Refused> {
    if one.done_at.is_some() {
        return sla::resolved(scope, clock(one.id), scope.now()).await;
    }
    sla::responded(scope, clock(one.id), scope.now()).await?;
    sla::extended(scope, clock(one.id), one.due_at).await
}

/// A page of the calls to be returned that the caller may see, with the contacts of each.
pub(super) async fn page(
    db: &Db,
    caller: &Caller,
    (estate, open): (EstateId, Option<bool>),
    page: &PageArgs,
) -> Result<(EstateScope, Vec<(CallBack, Contact)>), Refused> {
    let right = caller.read(CONTACT_READ, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let after = page.after.as_ref().and_then(|cursor| place(&cursor.0));
    let found = repo::page(&scope, &right, open, after, page.limit()).await?;
    let mut contacts = contacts::by_id(&scope, found.iter().map(|one| one.contact)).await?;
    let with = |one: CallBack| contacts.remove(&one.contact).map(|contact| (one, contact));
    Ok((right, found.into_iter().filter_map(with).collect()))
}

/// One with its contact, as it is after an act of the caller.
pub(super) async fn with_contact(
    db: &Db,
    caller: &Caller,
    id: CallBackId,
) -> Result<(CallBack, Contact), Refused> {
    let scope = db.read(caller.tenant()).await?;
    let one = repo::find(&scope, id).await?.ok_or(Refused::not_found())?;
    let contact = contacts::find(&scope, one.contact).await?.ok_or(Refused::not_found())?;
    // The same missed call told once more finds nothing when it became a complaint about them.
    secrecy::refuse_hidden(&scope, caller.subject(), contact.id.as_uuid()).await?;
    Ok((one, contact))
}
