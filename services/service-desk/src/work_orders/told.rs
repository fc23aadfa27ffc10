//! What residents are told of their orders.

use super::{
    domain::{Action, WorkOrder},
    repo, say,
};
use crate::{
    Refused,
    messages::{Letter, MessageKind, Written, post_all},
};
use authz::{Caller, Subject};
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

/// Tells who reported an order what was done to it, as far as it concerns them: somebody has it,
/// something is waited for, a price is to be answered, there is nothing to do.
pub(super) async fn moved(
    scope: &TenantScope,
    caller: &Caller,
    order: &WorkOrder,
    action: Action,
) -> Result<(), Refused> {
    let number = order.number.clone();
    let text = match action {
        Action::Assign => {
            let Some(user) = order.assignee else { return Ok(()) };
            let known = places::staff::find(scope, user.as_uuid()).await?;
            let Some(colleague) = known else { return Ok(()) };
            (say::letter_assigned_title(), say::letter_assigned(number, colleague.name))
        }
        Action::WaitForParts => (say::letter_waits_title(), say::letter_waits_parts(number)),
        Action::WaitForAccess => (say::letter_waits_title(), say::letter_waits_access(number)),
        Action::WaitForResident => (say::letter_waits_title(), say::letter_waits_resident(number)),
        Action::Quote => return quoted(scope, order).await,
        // Who cancels their own report knows.
        Action::Cancel if !matches!(caller.subject(), Subject::Resident { .. }) => {
            (say::letter_cancelled_title(), say::letter_cancelled(number))
        }
        _ => return Ok(()),
    };
    let letters = order.reporter.map(|person| letter(order, person, text));
    post_all(scope, letters.into_iter().collect()).await.map(drop)
}

/// Tells who has to answer that a price waits for them: who reported it, else who is at home in the
/// unit.
async fn quoted(scope: &TenantScope, order: &WorkOrder) -> Result<(), Refused> {
    let people = match (order.reporter, order.unit) {
        (Some(person), _) => vec![person],
        (None, Some(unit)) => {
            let today = places::estates::today(scope, order.estate).await?;
            let members = places::homes::members(scope, [unit]).await?;
            members.into_iter().filter(|it| it.on(today)).map(|it| it.person).collect()
        }
        (None, None) => Vec::new(),
    };
    let to = |person| {
        let body = say::letter_quoted(order.number.clone());
        letter(order, person, (say::letter_quoted_title(), body))
    };
    post_all(scope, people.into_iter().map(to).collect()).await.map(drop)
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
