//! Freezing by itself: each month of an estate is frozen on the fifth of the month after it, on the
//! estate's calendar (handbook ch. 33, "monthly report by the 5th"; S13, "frozen on the 5th").

use super::{
    freeze::{Version, keep},
    repo, turns_repo as turns,
};
use crate::{Refused, homes, month::Month};
use authz::{Actor, AuditFact, audit_as};
use chrono::Duration;
use contracts::identity::EstateChanged;
use db::{ClaimedJob, Db, JobEnd, JobKind, StoredEvent, TenantScope, reschedule_job};
use events::{Event as _, EventHandler, HandlerError, Subscription};
use ids::{EstateId, TenantId};
use places::estates::{self, Estate};
use runtime::{Job, JobHandler};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// The timer of one estate.
const KIND: JobKind = JobKind("desk_figures");

/// The day of the next month on which a month is frozen.
const DAY: u32 = 5;

/// After something was in the way.
const SOON: Duration = Duration::minutes(1);

/// The worker that freezes.
pub(crate) fn job(db: Db) -> Job {
    Job::new(KIND, FreezeByClock(db))
}

/// Follows identity's estates, behind the feature that keeps them.
pub(crate) fn subscription() -> Subscription {
    Subscription { source: "identity", kind: EstateChanged::KIND, handler: Arc::new(Begin) }
}

struct Begin;

#[async_trait::async_trait]
impl EventHandler for Begin {
    /// The first month is the one in which the desk hears of the estate. Its zone may have changed,
    /// so that the timer is set anew whatever was told.
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        let fact: EstateChanged = events::read(event)?;
        let today = estates::today(scope, fact.estate).await?;
        turns::begin(scope, fact.estate, Month::of(today)).await?;
        Ok(reschedule_job(scope, KIND, fact.estate.as_uuid(), scope.now()).await?)
    }
}

struct FreezeByClock(Db);

#[async_trait::async_trait]
impl JobHandler for FreezeByClock {
    async fn run(&self, job: &ClaimedJob, stop: &CancellationToken) -> JobEnd {
        let estate = EstateId::from_uuid(job.id);
        while !stop.is_cancelled() {
            match turn(&self.0, job.tenant, estate).await {
                Ok(true) => {}
                Ok(false) => return JobEnd::Done,
                Err(error) => {
                    tracing::error!(%error, %estate, "a month cannot be frozen; trying again");
                    return JobEnd::RetryIn(SOON);
                }
            }
        }
        JobEnd::RetryIn(Duration::zero())
    }
}

/// Freezes the month whose turn it is, or sets the timer when its day has not come; whether it
/// froze. After a time of standstill each month that was missed has a turn of its own, and one that
/// somebody froze by hand is passed over. All of a turn is one transaction: killed half-way it is
/// taken again.
async fn turn(db: &Db, tenant: TenantId, id: EstateId) -> Result<bool, Refused> {
    let scope = db.write(tenant).await?;
    let Some(month) = turns::lock(&scope, id).await? else { return Ok(false) };
    let estate = homes::estate(&scope, id).await?;
    let due = month.day_after(DAY, estate.zone);
    let comes = scope.now() >= due;
    if comes {
        if repo::last(&scope, id, month).await? == 0 {
            freeze(&scope, &estate, month).await?;
        }
        turns::pass_to(&scope, id, month.next()).await?;
    } else {
        reschedule_job(&scope, KIND, id.as_uuid(), due).await?;
    }
    scope.commit().await?;
    Ok(comes)
}

async fn freeze(scope: &TenantScope, estate: &Estate, month: Month) -> Result<(), Refused> {
    let tickets = keep(scope, estate, Version { month, number: 1, reason: None }, None).await?;
    let fact = AuditFact {
        action: "desk_figures.frozen",
        object: month.to_string(),
        estate: Some(estate.id),
        reason: None,
        detail: (1, tickets),
    };
    let actor = Actor { kind: "system", id: KIND.0, origin: "service-desk" };
    Ok(audit_as(scope, actor, fact).await?)
}

#[cfg(test)]
mod tests;
