//! Sending again what could not be sent, e.g. once the provider is there again.

use super::{
    repo::{self, Wanted},
    send::JOB,
};
use crate::{
    Refused,
    messages::{DeliveryId, MESSAGE_READ, TEMPLATE_MANAGE, domain::DeliveryState},
};
use authz::{AuditFact, Caller, audit};
use chrono::Duration;
use db::{Db, reschedule_job};
use ids::EstateId;
use std::collections::BTreeSet;

/// What failed longer ago has no use any more, unless it is named.
const LATELY: Duration = Duration::days(7);
/// The most that are sent again at once.
const MOST: u64 = 500;

/// Has failed deliveries of an estate tried again: these, or all that failed lately. How many.
#[tracing::instrument(name = "usecase.messages.resend", skip_all)]
pub(super) async fn resend(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    named: Option<BTreeSet<DeliveryId>>,
) -> Result<usize, Refused> {
    caller.act(TEMPLATE_MANAGE, MESSAGE_READ, estate)?;
    let scope = db.write(caller.tenant()).await?;
    let failed = Wanted {
        estate,
        state: Some(DeliveryState::Failed),
        channel: None,
        person: None,
        before: None,
        asks: caller.subject(),
    };
    let since = scope.now() - LATELY;
    let mut found = repo::page(&scope, failed, MOST).await?;
    found.retain(|it| match &named {
        Some(named) => named.contains(&it.id),
        None => it.ended_at.is_some_and(|at| since <= at),
    });
    // One that is not among them is another estate's, or there is nothing to be done about it.
    if named.is_some_and(|named| named.len() != found.len()) {
        return Err(Refused::not_found());
    }
    let many = found.len();
    for mut delivery in found {
        delivery.state = DeliveryState::Waiting;
        (delivery.tries, delivery.ended_at) = (0, None);
        repo::save(&scope, &delivery).await?;
        reschedule_job(&scope, JOB, delivery.id.as_uuid(), scope.now()).await?;
    }
    let fact = AuditFact {
        action: "message_deliveries.resent",
        object: estate.to_string(),
        estate: Some(estate),
        reason: None,
        detail: many,
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(many)
}
