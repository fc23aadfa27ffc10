//! Silence counts as acceptance some days after the work.

use super::{
    act::stepped,
    domain::{Answer, Order, Said, Step, Way},
    notes, repo,
};
use crate::{Refused, special_services::OrderId};
use authz::{Actor, AuditFact, audit_as};
use chrono::Duration;
use db::{ClaimedJob, Db, JobEnd, JobKind, TenantScope, reschedule_job};
use runtime::{Job, JobHandler};
use tokio_util::sync::CancellationToken;

/// Waiting for an answer; the job's id is the order's.
const KIND: JobKind = JobKind("accept_special_order");

/// After something was in the way.
const SOON: Duration = Duration::minutes(1);

/// Has an order that is done accepted when nobody says anything in time; done again, the time begins
/// again.
pub(super) async fn expect(scope: &TenantScope, order: &Order) -> Result<(), Refused> {
    let Some(at) = order.accepted_by_silence_at() else { return Ok(()) };
    Ok(reschedule_job(scope, KIND, order.id.as_uuid(), at).await?)
}

/// The worker that accepts.
pub(crate) fn job(db: Db) -> Job {
    Job::new(KIND, Silence(db))
}

struct Silence(Db);

#[async_trait::async_trait]
impl JobHandler for Silence {
    async fn run(&self, job: &ClaimedJob, _stop: &CancellationToken) -> JobEnd {
        match accepted(&self.0, job).await {
            Ok(None) => JobEnd::Done,
            Ok(Some(rest)) => JobEnd::RetryIn(rest),
            Err(error) => {
                tracing::error!(%error, order.id = %job.id, "an order cannot be accepted; trying again");
                JobEnd::RetryIn(SOON)
            }
        }
    }
}

/// Accepts when the time has come; how long it still is. An order that somebody answered meanwhile
/// is left alone.
async fn accepted(db: &Db, job: &ClaimedJob) -> Result<Option<Duration>, Refused> {
    let scope = db.write(job.tenant).await?;
    let Some(mut order) = repo::lock(&scope, OrderId::from_uuid(job.id)).await? else {
        return Ok(None);
    };
    let Some(at) = order.accepted_by_silence_at() else { return Ok(None) };
    let now = scope.now();
    if now < at {
        return Ok(Some(at - now));
    }
    let (said, way) = (Said::Accepts, Way::Silence);
    let answer = Answer { said, way, person: None, recorded_by: None, at: now, note: None };
    order.details.answers.push(answer.clone());
    stepped(&scope, &mut order, Step::Accept).await?;
    notes::answered(&scope, &order, &answer).await?;
    let fact = AuditFact {
        action: "special_order.accepted",
        object: order.id.to_string(),
        estate: Some(order.estate),
        reason: None,
        detail: (order.state, order.total(), way),
    };
    let actor = Actor { kind: "system", id: KIND.0, origin: "service-desk" };
    audit_as(&scope, actor, fact).await?;
    scope.commit().await?;
    Ok(None)
}
