//! Signing up for an event, and giving the place back.

use super::{
    CommunityEventId, EVENT_READ, EVENT_SIGN_UP, SignUpId,
    domain::{Event, SignUp, SignUpState, has_room, promoted},
    notes, repo, say, sign_up_repo,
};
use crate::{Refused, homes, say as shared};
use authz::{AuditFact, Caller, EstateScope, audit, keyed};
use contracts::{PersonId, UnitId};
use db::{Db, IdempotencyKey, TenantScope};
use errors::expected;
use serde::Serialize;

/// A resident wants to come.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SignUpFor {
    pub event: CommunityEventId,
    pub unit: UnitId,
    /// Who; residents sign up themselves.
    pub person: Option<PersonId>,
    pub companions: u32,
    pub photo_consent: bool,
}

/// Gives a place while there is room, else the last place of the queue.
#[tracing::instrument(name = "usecase.community_events.sign_up", skip_all)]
pub(super) async fn sign_up(
    db: &Db,
    caller: &Caller,
    command: SignUpFor,
    key: &IdempotencyKey,
) -> Result<SignUpId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let event = repo::find(&scope, command.event).await?.ok_or_else(Refused::not_found)?;
    drop(scope);
    let right = caller.act(EVENT_SIGN_UP, EVENT_READ, event.estate)?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "sign_up_for_event", key, &input, move |scope| {
        Box::pin(async move {
            let place = placed(scope, &right, command).await?;
            sign_up_repo::insert(scope, &place).await?;
            if right.own_person().is_none() {
                notes::signed_up(scope, &place).await?;
            }
            let fact = AuditFact {
                action: "community_event.signed_up",
                object: place.id.to_string(),
                estate: Some(right.estate()),
                reason: None,
                detail: (place.event, place.state, place.places()),
            };
            audit(scope, &actor, fact).await?;
            Ok(place.id)
        })
    })
    .await
}

async fn placed(
    scope: &TenantScope,
    right: &EstateScope,
    command: SignUpFor,
) -> Result<SignUp, Refused> {
    // Whoever signs up at the same time waits here, so that nobody gets a place twice.
    let event = repo::lock(scope, command.event).await?.filter(Event::is_public);
    let event = event.ok_or_else(Refused::not_found)?;
    let unit = homes::covered(scope, right, command.unit).await?;
    let person = who(scope, right, &command).await?;
    if !event.is_registering(scope.now()) {
        return Err(Refused::Conflict(say::registration_closed()));
    }
    let plan = &event.details.plan;
    if command.companions > plan.most_companions {
        let reason = expected::between(0, plan.most_companions.into());
        return Err(Refused::invalid("companions", reason));
    }
    if sign_up_repo::of_person(scope, event.id, person).await?.is_some() {
        return Err(Refused::Conflict(say::signed_up_already()));
    }
    let people = sign_up_repo::people(scope, [event.id]).await?;
    let people = people.get(&event.id).copied().unwrap_or_default();
    let places = 1 + command.companions;
    let room = has_room(plan.capacity, people.confirmed, people.waitlisted, places);
    Ok(SignUp {
        id: SignUpId::from_uuid(scope.new_id()),
        event: event.id,
        unit: unit.id,
        building: unit.building,
        person,
        companions: command.companions,
        state: if room { SignUpState::Confirmed } else { SignUpState::Waitlisted },
        number: sign_up_repo::next_number(scope, event.id).await?,
        photo_consent: command.photo_consent,
        signed_at: scope.now(),
        checked_in: None,
        present: 0,
        version: 1,
    })
}

/// Who comes: the resident themself, or whom a member of staff signs up, who belongs to the unit.
async fn who(
    scope: &TenantScope,
    right: &EstateScope,
    command: &SignUpFor,
) -> Result<PersonId, Refused> {
    if let Some(own) = right.own_person().map(PersonId::from_uuid) {
        let own_or_none = command.person.is_none_or(|person| person == own);
        return if own_or_none { Ok(own) } else { Err(Refused::not_found()) };
    }
    let missing = || Refused::invalid("personId", expected::filled());
    let person = command.person.ok_or_else(missing)?;
    let today = places::estates::today(scope, right.estate()).await?;
    let members = places::homes::members(scope, [command.unit]).await?;
    if members.iter().any(|member| member.person == person && member.on(today)) {
        Ok(person)
    } else {
        Err(Refused::invalid("personId", say::belongs_to_unit()))
    }
}

/// A place that is given back.
#[derive(Clone, Debug, Serialize)]
pub(super) struct GiveBack {
    pub place: SignUpId,
    pub expected_version: i32,
}

/// Gives a place back; whoever waits moves up at once.
#[tracing::instrument(name = "usecase.community_events.give_back", skip_all)]
pub(super) async fn give_back(
    db: &Db,
    caller: &Caller,
    command: GiveBack,
    key: &IdempotencyKey,
) -> Result<SignUpId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let place = sign_up_repo::find(&scope, command.place).await?.ok_or_else(Refused::not_found)?;
    let event = repo::find(&scope, place.event).await?.ok_or_else(Refused::not_found)?;
    drop(scope);
    let right = caller.act(EVENT_SIGN_UP, EVENT_READ, event.estate)?;
    let own = right.own_person().is_none_or(|own| own == place.person.as_uuid());
    let near = right.zone().is_none_or(|zone| zone.contains(&place.building.as_uuid()));
    if !(own && near) {
        return Err(Refused::not_found());
    }
    let own_person = right.own_person();
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "give_back_event_place", key, &input, move |scope| {
        Box::pin(async move {
            let event = repo::lock(scope, event.id).await?.ok_or_else(Refused::not_found)?;
            let found = sign_up_repo::find(scope, command.place).await?;
            let mut place = found.ok_or_else(Refused::not_found)?;
            match place.state {
                SignUpState::Confirmed | SignUpState::Waitlisted => {}
                SignUpState::Cancelled => return Err(Refused::Conflict(say::sign_up_cancelled())),
                _ => return Err(Refused::Conflict(say::sign_up_used())),
            }
            place.state = SignUpState::Cancelled;
            place.version = command.expected_version;
            if !sign_up_repo::save(scope, &place).await? {
                return Err(Refused::Conflict(shared::changed_meanwhile()));
            }
            if own_person.is_none() {
                notes::given_back(scope, &event, &place).await?;
            }
            let moved = move_up(scope, &event).await?;
            let fact = AuditFact {
                action: "community_event.place_given_back",
                object: place.id.to_string(),
                estate: Some(event.estate),
                reason: None,
                detail: moved,
            };
            audit(scope, &actor, fact).await?;
            Ok(place.id)
        })
    })
    .await
}

/// Gives the free places to the queue, in its order, and tells them; who moved up.
pub(super) async fn move_up(scope: &TenantScope, event: &Event) -> Result<Vec<SignUpId>, Refused> {
    let people = sign_up_repo::people(scope, [event.id]).await?;
    let taken = people.get(&event.id).copied().unwrap_or_default().confirmed;
    let mut queue = sign_up_repo::in_states(scope, event.id, &[SignUpState::Waitlisted]).await?;
    let moved = promoted(event.details.plan.capacity, taken, &queue);
    sign_up_repo::confirm(scope, &moved).await?;
    queue.truncate(moved.len());
    notes::moved_up(scope, event, &queue).await?;
    Ok(moved)
}
