//! Sending again what could not be sent, e.g. once the provider is there again.

use super::{
    repo::{self, Wanted},
    send::JOB,
};
use crate::{
    Refused,
    messages::{MESSAGE_READ, TEMPLATE_MANAGE, domain::DeliveryState},
};
use authz::{AuditFact, Caller, audit};
use chrono::Duration;
use db::{Db, reschedule_job};
use ids::EstateId;
use places::estates;

/// What failed longer ago has no use any more.
const LATELY: Duration = Duration::days(7);
/// The most that are sent again at once.
const MOST: u64 = 500;

/// Has the deliveries of an estate that failed lately tried again. How many.
#[tracing::instrument(name = "usecase.messages.resend", skip_all)]
pub(super) async fn resend(db: &Db, caller: &Caller, estate: EstateId) -> Result<usize, Refused> {
    caller.act(TEMPLATE_MANAGE, MESSAGE_READ, estate)?;
    let scope = db.write(caller.tenant()).await?;
    estates::find(&scope, estate).await?.ok_or_else(Refused::not_found)?;
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
    found.retain(|it| it.ended_at.is_some_and(|at| since <= at));
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
