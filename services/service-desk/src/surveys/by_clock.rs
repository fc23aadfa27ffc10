//! The day a survey closes: homes that are silent are reminded before it, and after it the survey
//! closes by itself.

use super::{
    SurveyId,
    close::closed,
    domain::{Survey, SurveyState},
    letters, repo,
};
use crate::{Refused, homes, month::day_begins};
use authz::{Actor, AuditFact, audit_as};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use db::{ClaimedJob, Db, JobEnd, JobKind, TenantScope, enqueue_job_after};
use places::estates::Estate;
use runtime::{Job, JobHandler};
use tokio_util::sync::CancellationToken;

/// Reminding and closing; the job's id is the survey's.
const KIND: JobKind = JobKind("close_survey");

/// How many days before the last one the silent homes are reminded: time for a weekend.
const REMIND_DAYS: i64 = 3;

/// After something was in the way.
const SOON: Duration = Duration::minutes(1);

/// Sets the timer of a survey that is handed out, if it closes by itself.
pub(super) async fn set(scope: &TenantScope, survey: &Survey) -> Result<(), Refused> {
    let Some(last) = survey.closes_on else { return Ok(()) };
    let estate = homes::estate(scope, survey.estate).await?;
    let pause = (reminds_at(&estate, last) - scope.now()).max(Duration::zero());
    Ok(enqueue_job_after(scope, KIND, survey.id.as_uuid(), pause).await?)
}

fn reminds_at(estate: &Estate, last: NaiveDate) -> DateTime<Utc> {
    day_begins(last - Duration::days(REMIND_DAYS), estate.zone)
}

fn closes_at(estate: &Estate, last: NaiveDate) -> DateTime<Utc> {
    day_begins(last.succ_opt().unwrap_or(last), estate.zone)
}

/// The worker that reminds and closes.
pub(crate) fn job(db: Db) -> Job {
    Job::new(KIND, ByClock(db))
}

struct ByClock(Db);

#[async_trait::async_trait]
impl JobHandler for ByClock {
    async fn run(&self, job: &ClaimedJob, _stop: &CancellationToken) -> JobEnd {
        match turn(&self.0, job).await {
            Ok(None) => JobEnd::Done,
            Ok(Some(rest)) => JobEnd::RetryIn(rest),
            Err(error) => {
                tracing::error!(%error, survey.id = %job.id, "a survey cannot be closed; trying again");
                JobEnd::RetryIn(SOON)
            }
        }
    }
}

/// Does what its time has come for; how long it is to what comes next. A home that was reminded is
/// not reminded again, and a survey that somebody closed by hand is left alone.
async fn turn(db: &Db, job: &ClaimedJob) -> Result<Option<Duration>, Refused> {
    let scope = db.write(job.tenant).await?;
    let found = repo::lock(&scope, SurveyId::from_uuid(job.id)).await?;
    let open = [SurveyState::Issued, SurveyState::Collecting];
    let Some(survey) = found.filter(|survey| open.contains(&survey.state)) else {
        return Ok(None);
    };
    let Some(last) = survey.closes_on else { return Ok(None) };
    let estate = homes::estate(&scope, survey.estate).await?;
    let (now, ends) = (scope.now(), closes_at(&estate, last));
    if now < reminds_at(&estate, last) {
        return Ok(Some(reminds_at(&estate, last) - now));
    }
    let (id, estate) = (survey.id, survey.estate);
    let (action, detail) = if now < ends {
        ("survey.homes_reminded", letters::reminded(&scope, &survey, last).await?)
    } else {
        let visits = closed(&scope, survey).await?;
        ("survey.closed", u64::try_from(visits).unwrap_or(u64::MAX))
    };
    let object = id.to_string();
    let fact = AuditFact { action, object, estate: Some(estate), reason: None, detail };
    let actor = Actor { kind: "system", id: KIND.0, origin: "service-desk" };
    audit_as(&scope, actor, fact).await?;
    scope.commit().await?;
    Ok((now < ends).then(|| ends - now))
}
