//! What others are told of an order: that it waits for the resident, that it was done, and what
//! they tell back.

use super::{
    domain::{Answer, Order, SILENCE_DAYS, Said, Way},
    repo,
};
use crate::{
    Refused, messages,
    messages::{Letter, MessageKind},
    revisits,
    revisits::{Finished, Source},
    special_services::{OrderId, say},
};
use contracts::PersonId;
use db::TenantScope;
use std::collections::BTreeSet;
use texts::Text;
use uuid::Uuid;

/// The order's service in both languages.
fn name(order: &Order) -> Option<String> {
    let (_, terms) = order.details.terms.as_ref()?;
    Some(format!("{} / {}", terms.name_zh, terms.name_en))
}

/// A letter about an order to somebody of its household.
async fn tell(
    scope: &TenantScope,
    order: &Order,
    person: PersonId,
    (title, body): (Text, Text),
) -> Result<(), Refused> {
    let letter = Letter {
        estate: order.estate,
        person,
        unit: Some(order.unit),
        kind: MessageKind::Order,
        title,
        body,
        reference: order.id.to_string(),
    };
    messages::post(scope, letter).await
}

/// Tells the resident what it will cost.
pub(super) async fn quoted(scope: &TenantScope, order: &Order) -> Result<(), Refused> {
    let Some(name) = name(order) else { return Ok(()) };
    let words = (say::letter_quoted_title(), say::letter_quoted(name, order.total()));
    tell(scope, order, order.person, words).await
}

/// Tells the resident that it is done, and until when they can say that it is not in order.
pub(super) async fn done(scope: &TenantScope, order: &Order) -> Result<(), Refused> {
    let Some(name) = name(order) else { return Ok(()) };
    let words = (say::letter_done_title(), say::letter_done(name, SILENCE_DAYS));
    tell(scope, order, order.person, words).await
}

/// Tells the resident that work or a dispute was ended, and why.
pub(super) async fn ended(scope: &TenantScope, order: &Order) -> Result<(), Refused> {
    let because = order.details.ended_because.as_deref();
    let Some((name, because)) = name(order).zip(because) else { return Ok(()) };
    let words = (say::letter_ended_title(), say::letter_ended(name, order.state.word(), because));
    tell(scope, order, order.person, words).await
}

/// Tells whose order it is, and whose word it was, what was taken down as the household's answer: so
/// a wrong word comes to light.
pub(super) async fn answered(
    scope: &TenantScope,
    order: &Order,
    answer: &Answer,
) -> Result<(), Refused> {
    let Some(name) = name(order) else { return Ok(()) };
    let body = match answer.said {
        Said::Confirms => say::letter_confirmed(name, order.total()),
        Said::Accepts if answer.way == Way::Silence => say::letter_silence(name, SILENCE_DAYS),
        Said::Accepts => say::letter_accepted(name, order.total()),
        Said::Disputes => say::letter_disputed(name),
    };
    let people: BTreeSet<PersonId> = answer.person.into_iter().chain([order.person]).collect();
    for person in people {
        let words = (say::letter_answer_title(), body.clone());
        tell(scope, order, person, words).await?;
    }
    Ok(())
}

/// Has it asked about: a household's first housekeeping always (handbook ch. 37).
pub(super) async fn finished(scope: &TenantScope, order: &Order) -> Result<(), Refused> {
    let housekeeping = order.details.terms.as_ref().is_some_and(|(_, terms)| terms.housekeeping);
    let fact = Finished {
        source: if housekeeping { Source::Housekeeping } else { Source::SpecialOrder },
        reference: order.id.as_uuid(),
        estate: order.estate,
        unit: Some(order.unit),
        person: Some(order.person),
        workers: order.hands(),
        summary: name(order).unwrap_or_default(),
        at: scope.now(),
    };
    revisits::finished(scope, fact).await
}

/// Somebody was asked about an order; one that there is not is nothing to us.
///
/// # Errors
/// When writing fails.
pub(crate) async fn revisited(scope: &TenantScope, order: Uuid) -> Result<(), Refused> {
    let Some(mut order) = repo::lock(scope, OrderId::from_uuid(order)).await? else {
        return Ok(());
    };
    order.revisited(scope.now());
    repo::save(scope, &order).await?;
    Ok(())
}
