//! What others are told of an event: who moved up, that it does not take place, who came.

use super::{
    domain::{Event, SignUp, SignUpState},
    say, sign_up_repo,
};
use crate::{
    Refused,
    messages::{self, Letter, MessageKind},
    revisits::{self, Finished, Source},
};
use db::TenantScope;
use texts::Text;

fn letter(event: &Event, place: &SignUp, (title, body): (Text, Text)) -> Letter {
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

fn name(event: &Event) -> String {
    format!("{} / {}", event.details.plan.title_zh, event.details.plan.title_en)
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

/// Tells everybody who signed up that it does not take place.
pub(super) async fn cancelled(
    scope: &TenantScope,
    event: &Event,
    reason: &str,
) -> Result<(), Refused> {
    let places = sign_up_repo::in_states(
        scope,
        event.id,
        &[SignUpState::Confirmed, SignUpState::Waitlisted],
    )
    .await?;
    let words = || (say::letter_cancelled_title(), say::letter_cancelled(name(event), reason));
    let letters = places.iter().map(|place| letter(event, place, words()).into());
    messages::post_all(scope, letters.collect()).await?;
    Ok(())
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
