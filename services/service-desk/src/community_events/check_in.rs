//! Checking in by the code of an e-ticket.

use super::{
    EVENT_CHECK_IN, EVENT_READ, SignUpId,
    domain::{SignUp, SignUpState},
    repo, say, sign_up_repo, ticket,
};
use crate::{Refused, say as shared};
use authz::{AuditFact, Caller, audit};
use db::Db;
use errors::expected;
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
    match place.state {
        SignUpState::Attended => return Ok(place.id),
        SignUpState::Waitlisted => return Err(Refused::Conflict(say::waits_in_queue())),
        SignUpState::Cancelled => return Err(Refused::Conflict(say::sign_up_cancelled())),
        SignUpState::Confirmed if event.is_checking_in(scope.now()) => {}
        _ => return Err(Refused::Conflict(say::check_in_closed())),
    }
    let present = command.present.unwrap_or_else(|| place.places());
    if !(1..=place.places()).contains(&present) {
        let reason = expected::between(1, place.places().into());
        return Err(Refused::invalid("present", reason));
    }
    let checked_in = Some((caller.user(), scope.now()));
    let place = SignUp { state: SignUpState::Attended, checked_in, present, ..place };
    if !sign_up_repo::save(&scope, &place).await? {
        return Err(Refused::Conflict(shared::changed_meanwhile()));
    }
    let fact = AuditFact {
        action: "community_event.checked_in",
        object: place.id.to_string(),
        estate: Some(event.estate),
        reason: None,
        detail: (event.id, present),
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(place.id)
}
