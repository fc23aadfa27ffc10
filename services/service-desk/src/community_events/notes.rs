//! What others are told of an event: who moved up, that it does not take place, who came.

use super::{
    domain::{Event, SignUp, SignUpState},
    repo, say, sign_up_repo,
};
use crate::{
    Refused, homes,
    messages::{self, Letter, MessageKind},
    revisits::{self, Finished, Source},
};
use db::TenantScope;
use texts::Text;

/// A letter about an event to who signed up for it.
pub(super) fn letter(event: &Event, place: &SignUp, (title, body): (Text, Text)) -> Letter {
    Letter {
        estate: event.estate,
        person: place.person,
        unit: Some(place.unit),
        kind: MessageKind::Event,
        title,
        body,
        reference: event.id.to_string(),
    }
}

/// What it is called, in both languages.
pub(super) fn name(event: &Event) -> String {
    format!("{} / {}", event.details.plan.title_zh, event.details.plan.title_en)
}

/// When it begins, on the estate's clock.
pub(super) async fn begins(scope: &TenantScope, event: &Event) -> Result<String, Refused> {
    let zone = homes::estate(scope, event.estate).await?.zone;
    let there = event.details.plan.starts_at.with_timezone(&zone);
    Ok(there.format("%Y-%m-%d %H:%M").to_string())
}

/// Tells those who moved up that they have a place.
pub(super) async fn moved_up(
    scope: &TenantScope,
    event: &Event,
    places: &[SignUp],
) -> Result<(), Refused> {
    let words = || (say::letter_moved_up_title(), say::letter_moved_up(name(event)));
    let letters = places.iter().map(|place| letter(event, place, words()).into());
    messages::post_all(scope, letters.collect()).await?;
    Ok(())
}

/// Tells somebody for whom a member of staff signed up what they have.
pub(super) async fn signed_up(scope: &TenantScope, place: &SignUp) -> Result<(), Refused> {
    let Some(event) = repo::find(scope, place.event).await? else { return Ok(()) };
    let name = name(&event);
    let body = if place.state == SignUpState::Confirmed {
        say::letter_signed_up(name)
    } else {
        say::letter_queued(name)
    };
    messages::post(scope, letter(&event, place, (say::letter_signed_up_title(), body))).await
}

/// Tells somebody for whom a member of staff gave the place back.
pub(super) async fn given_back(
    scope: &TenantScope,
    event: &Event,
    place: &SignUp,
) -> Result<(), Refused> {
    let words = (say::letter_given_back_title(), say::letter_given_back(name(event)));
    messages::post(scope, letter(event, place, words)).await
}

/// Tells everybody who signed up when and where it is now.
pub(super) async fn rescheduled(
    scope: &TenantScope,
    event: &Event,
    reason: &str,
) -> Result<(), Refused> {
    let (when, place) = (begins(scope, event).await?, &event.details.plan.place);
    let words = || {
        let body = say::letter_rescheduled(name(event), when.clone(), place.clone(), reason);
        (say::letter_rescheduled_title(), body)
    };
    to_all(scope, event, words).await
}

/// Tells everybody who signed up that it does not take place.
pub(super) async fn cancelled(
    scope: &TenantScope,
    event: &Event,
    reason: &str,
) -> Result<(), Refused> {
    let words = || (say::letter_cancelled_title(), say::letter_cancelled(name(event), reason));
    to_all(scope, event, words).await
}

/// The same letter to everybody who has a place or waits for one.
async fn to_all(
    scope: &TenantScope,
    event: &Event,
    words: impl Fn() -> (Text, Text),
) -> Result<(), Refused> {
    let signed_up = [SignUpState::Confirmed, SignUpState::Waitlisted];
    let places = sign_up_repo::in_states(scope, event.id, &signed_up).await?;
    let letters = places.iter().map(|place| letter(event, place, words()).into());
    messages::post_all(scope, letters.collect()).await?;
    Ok(())
}

/// Which share of those who came is asked about it: the policy's for the month of the draw, in basis
/// points.
pub(super) async fn rate(scope: &TenantScope, event: &Event) -> Result<u16, Refused> {
    let today = places::estates::today(scope, event.estate).await?;
    revisits::rate(scope, (event.estate, Source::CommunityEvent), today).await
}

/// Has those who came asked about it, in the share of the policy (handbook ch. 36: 10 %).
pub(super) async fn held(scope: &TenantScope, event: &Event) -> Result<(), Refused> {
    let came = sign_up_repo::in_states(scope, event.id, &[SignUpState::Attended]).await?;
    for place in came {
        let fact = Finished {
            source: Source::CommunityEvent,
            reference: place.id.as_uuid(),
            estate: event.estate,
            unit: Some(place.unit),
            person: Some(place.person),
            workers: vec![event.details.planned_by],
            summary: name(event),
            at: scope.now(),
        };
        revisits::finished(scope, fact).await?;
    }
    Ok(())
}
