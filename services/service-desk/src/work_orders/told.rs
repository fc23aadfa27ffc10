//! What residents are told of their orders.

use super::{domain::WorkOrder, repo, say};
use crate::{
    Refused,
    messages::{Letter, MessageKind, Written, post_all},
};
use contracts::PersonId;
use db::TenantScope;
use std::collections::BTreeMap;
use texts::Text;

/// A letter about an order to somebody who reported it.
fn letter(order: &WorkOrder, person: PersonId, (title, body): (Text, Text)) -> Written {
    let letter = Letter {
        estate: order.estate,
        person,
        unit: order.unit,
        kind: MessageKind::Service,
        title,
        body,
        reference: order.id.to_string(),
    };
    letter.into()
}

/// Tells who reported a duplicate where it goes on.
pub(super) async fn merged(
    scope: &TenantScope,
    gone: &WorkOrder,
    kept: &WorkOrder,
) -> Result<(), Refused> {
    let Some(person) = gone.reporter else { return Ok(()) };
    let body = say::letter_merged(gone.number.clone(), kept.number.clone());
    let letter = letter(gone, person, (say::letter_merged_title(), body));
    post_all(scope, vec![letter]).await.map(drop)
}

/// Tells who reported an order that the work is done, and who reported what was merged into it, each
/// once and by the number that they know.
pub(super) async fn done(scope: &TenantScope, order: &WorkOrder) -> Result<(), Refused> {
    let mut known: BTreeMap<PersonId, Written> = BTreeMap::new();
    let mut level = vec![order.clone()];
    while !level.is_empty() {
        for one in &level {
            let Some(person) = one.reporter else { continue };
            let body = say::letter_done(one.number.clone());
            known
                .entry(person)
                .or_insert_with(|| letter(one, person, (say::letter_done_title(), body)));
        }
        // What was merged may itself have taken in another one before.
        level = repo::merged_into(scope, level.iter().map(|one| one.id)).await?;
    }
    post_all(scope, known.into_values().collect()).await.map(drop)
}

/// Tells a resident which answer to a quote was taken down for them.
pub(super) async fn answered(
    scope: &TenantScope,
    order: &WorkOrder,
    person: PersonId,
    agrees: bool,
) -> Result<(), Refused> {
    let number = order.number.clone();
    let body = if agrees { say::letter_agreed(number) } else { say::letter_not_agreed(number) };
    let letter = letter(order, person, (say::letter_answer_title(), body));
    post_all(scope, vec![letter]).await.map(drop)
}
