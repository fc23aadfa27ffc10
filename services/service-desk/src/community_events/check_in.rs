//! Checking in by the code of an e-ticket, or by name; and taking it back.

use super::{
    EVENT_CHECK_IN, EVENT_READ, SignUpId,
    domain::{Event, EventState, SignUp, SignUpState},
    repo, say, sign_up_repo, ticket,
};
use crate::{Refused, say as shared};
use authz::{AuditFact, Caller, audit};
use db::{Db, TenantScope};
use errors::{expected, input};
use ids::EstateId;

/// Somebody shows a ticket.
#[derive(Clone, Debug)]
pub(super) struct CheckIn {
    pub estate: EstateId,
    pub code: String,
    /// How many of those on the ticket came; all of them when left out.
    pub present: Option<u32>,
}

/// Lets them in. Showing the ticket again changes nothing; a code of another estate or company, and
/// one that nobody signed, is no ticket.
#[tracing::instrument(name = "usecase.community_events.check_in", skip_all)]
pub(super) async fn check_in(
    db: &Db,
    caller: &Caller,
    command: CheckIn,
) -> Result<SignUpId, Refused> {
    let right = caller.act(EVENT_CHECK_IN, EVENT_READ, command.estate)?;
    let scope = db.write(caller.tenant()).await?;
    let place = ticket::claimed(&command.code).ok_or_else(Refused::not_found)?;
    let place = sign_up_repo::find(&scope, place).await?.ok_or_else(Refused::not_found)?;
    let event = repo::lock(&scope, place.event).await?.ok_or_else(Refused::not_found)?;
    let genuine = ticket::is_genuine(&event.secret, &command.code);
    let near = right.zone().is_none_or(|zone| zone.contains(&place.building.as_uuid()));
    if event.estate != command.estate || !genuine || !near {
        return Err(Refused::not_found());
    }
    // As it is now that nobody else changes it.
    let place = sign_up_repo::find(&scope, place.id).await?.ok_or_else(Refused::not_found)?;
    if place.state == SignUpState::Attended {
        return Ok(place.id);
    }
    let place = let_in(&scope, caller, &event, (place, command.present)).await?;
    scope.commit().await?;
    Ok(place)
}

/// Somebody comes without a ticket, and is known by name.
#[derive(Clone, Copy, Debug)]
pub(super) struct CheckInGuest {
    pub place: SignUpId,
    pub expected_version: i32,
    /// How many of those who signed up came; all of them when left out.
    pub present: Option<u32>,
}

/// Lets them in by name; again, with more of them, when companions come later.
#[tracing::instrument(name = "usecase.community_events.check_in_guest", skip_all)]
pub(super) async fn check_in_guest(
    db: &Db,
    caller: &Caller,
    command: CheckInGuest,
) -> Result<SignUpId, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let which = (command.place, command.expected_version);
    let (event, place) = held(&scope, caller, which).await?;
    let place = let_in(&scope, caller, &event, (place, command.present)).await?;
    scope.commit().await?;
    Ok(place)
}

/// Takes back that somebody was let in: it was somebody else.
#[tracing::instrument(name = "usecase.community_events.undo_check_in", skip_all)]
pub(super) async fn undo(
    db: &Db,
    caller: &Caller,
    which: (SignUpId, i32),
    reason: &str,
) -> Result<SignUpId, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let (event, place) = held(&scope, caller, which).await?;
    let reason = input::lines("reason", reason, 500)?;
    if place.state != SignUpState::Attended || event.state != EventState::Announced {
        return Err(Refused::Conflict(say::not_checked_in()));
    }
    let place = SignUp { state: SignUpState::Confirmed, checked_in: None, present: 0, ..place };
    kept(&scope, &place).await?;
    let fact = AuditFact {
        action: "community_event.check_in_undone",
        object: place.id.to_string(),
        estate: Some(event.estate),
        reason: Some(&reason),
        detail: event.id,
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(place.id)
}

/// A place and its event, held, as the caller has read it.
async fn held(
    scope: &TenantScope,
    caller: &Caller,
    (id, version): (SignUpId, i32),
) -> Result<(Event, SignUp), Refused> {
    let place = sign_up_repo::find(scope, id).await?.ok_or_else(Refused::not_found)?;
    let event = repo::lock(scope, place.event).await?.ok_or_else(Refused::not_found)?;
    let right = caller.act(EVENT_CHECK_IN, EVENT_READ, event.estate)?;
    if right.zone().is_some_and(|zone| !zone.contains(&place.building.as_uuid())) {
        return Err(Refused::not_found());
    }
    let place = sign_up_repo::find(scope, id).await?.ok_or_else(Refused::not_found)?;
    if place.version == version {
        Ok((event, place))
    } else {
        Err(Refused::Conflict(shared::changed_meanwhile()))
    }
}

async fn let_in(
    scope: &TenantScope,
    caller: &Caller,
    event: &Event,
    (place, present): (SignUp, Option<u32>),
) -> Result<SignUpId, Refused> {
    match place.state {
        SignUpState::Waitlisted => return Err(Refused::Conflict(say::waits_in_queue())),
        SignUpState::Cancelled => return Err(Refused::Conflict(say::sign_up_cancelled())),
        SignUpState::Confirmed | SignUpState::Attended if event.is_checking_in(scope.now()) => {}
        _ => return Err(Refused::Conflict(say::check_in_closed())),
    }
    let present = present.unwrap_or_else(|| place.places());
    if !(1..=place.places()).contains(&present) {
        let reason = expected::between(1, place.places().into());
        return Err(Refused::invalid("present", reason));
    }
    let checked_in = Some((caller.user(), scope.now()));
    let place = SignUp { state: SignUpState::Attended, checked_in, present, ..place };
    kept(scope, &place).await?;
    let fact = AuditFact {
        action: "community_event.checked_in",
        object: place.id.to_string(),
        estate: Some(event.estate),
        reason: None,
        detail: (event.id, present),
    };
    audit(scope, caller, fact).await?;
    Ok(place.id)
}

async fn kept(scope: &TenantScope, place: &SignUp) -> Result<(), Refused> {
    if sign_up_repo::save(scope, place).await? {
        Ok(())
    } else {
        Err(Refused::Conflict(shared::changed_meanwhile()))
    }
}
