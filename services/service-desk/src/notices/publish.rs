//! Publishing at the planned time: who is concerned is found once, then letters are posted, some at
//! a time.

use super::{
    NoticeId, arrears,
    audience::{self, Recipient},
    domain::{Notice, NoticeState},
    repo, tags,
};
use crate::{
    Refused,
    messages::{Written, post_all},
};
use chrono::Duration;
use db::{ClaimedJob, Db, JobEnd, JobKind, TenantScope};
use ids::TenantId;
use places::homes::{self, Unit};
use runtime::{Job, JobHandler};
use tokio_util::sync::CancellationToken;

/// The work of publishing one; its id is the notice's.
pub const JOB: JobKind = JobKind("publish_notice");
/// How many letters are posted in one transaction.
const CHUNK: u64 = 200;

struct Publishing {
    db: Db,
}

/// Publishes notices.
pub fn job(db: Db) -> Job {
    Job::new(JOB, Publishing { db })
}

#[async_trait::async_trait]
impl JobHandler for Publishing {
    async fn run(&self, job: &ClaimedJob, stop: &CancellationToken) -> JobEnd {
        let id = NoticeId::from_uuid(job.id);
        match self.turn(job.tenant, id, stop).await {
            Ok(end) => end,
            Err(error) => {
                tracing::error!(%error, notice.id = %id, "a notice cannot be published");
                JobEnd::RetryIn(Duration::minutes(1))
            }
        }
    }
}

impl Publishing {
    /// Begins where the last turn stopped: what a chunk did is committed with it.
    async fn turn(
        &self,
        tenant: TenantId,
        id: NoticeId,
        stop: &CancellationToken,
    ) -> Result<JobEnd, Refused> {
        let scope = self.db.write(tenant).await?;
        let Some(mut notice) = repo::lock(&scope, id).await? else { return Ok(JobEnd::Done) };
        if notice.state == NoticeState::Scheduled {
            let now = scope.now();
            if let Some(at) = notice.content.publish_at.filter(|at| *at > now) {
                return Ok(JobEnd::RetryIn(at - now));
            }
            // A worker that comes so late tells nobody of what is over.
            if notice.content.expires_at.is_some_and(|at| at <= now) {
                return Ok(JobEnd::Done);
            }
            let people = concerned(&scope, &notice).await?;
            notice.audience = Some(i32::try_from(people.len()).unwrap_or(i32::MAX));
            notice.state = NoticeState::Published;
            notice.published_at = Some(now);
            notice.version += 1;
            audience::put(&scope, (id, notice.estate), people).await?;
            repo::save(&scope, &notice).await?;
            scope.commit().await?;
        } else {
            drop(scope);
        }
        while !stop.is_cancelled() {
            if !self.chunk(tenant, id).await? {
                return Ok(JobEnd::Done);
            }
        }
        Ok(JobEnd::RetryIn(Duration::zero()))
    }

    /// Posts some letters; whether there may be more.
    async fn chunk(&self, tenant: TenantId, id: NoticeId) -> Result<bool, Refused> {
        let scope = self.db.write(tenant).await?;
        let Some(notice) = repo::lock(&scope, id).await? else { return Ok(false) };
        if !notice.is_out(scope.now()) {
            return Ok(false);
        }
        let people = audience::unposted(&scope, id, CHUNK).await?;
        if people.is_empty() {
            return Ok(false);
        }
        let letters = people.iter().map(|it| letter(&notice, it)).collect();
        let letters = post_all(&scope, letters).await?;
        let posted = people.into_iter().zip(letters).collect();
        audience::posted(&scope, (id, notice.estate), posted).await?;
        scope.commit().await?;
        Ok(true)
    }
}

fn letter(notice: &Notice, to: &Recipient) -> Written {
    Written {
        estate: notice.estate,
        person: to.person,
        unit: Some(to.unit),
        kind: notice.content.kind,
        title: notice.content.title.clone(),
        body: notice.content.body.clone(),
        reference: notice.id.to_string(),
    }
}

/// Whom a notice concerns today, each once, with the first of their units by label.
async fn concerned(scope: &TenantScope, notice: &Notice) -> Result<Vec<Recipient>, Refused> {
    let wanted = &notice.content.audience;
    let marks = tags::of_estate(scope, notice.estate).await?;
    let none = std::collections::BTreeSet::new();
    let behind = arrears::of_estate(scope, notice.estate).await?;
    let units = homes::of_estate(scope, notice.estate, None).await?;
    let units: Vec<_> = units
        .into_iter()
        .filter(|unit| wanted.has(unit, marks.get(&unit.id).unwrap_or(&none)))
        .filter(|unit| wanted.admits(behind.contains(&unit.id)))
        .collect();
    let people = crate::homes::people(scope, notice.estate, &units, |it| wanted.means(it)).await?;
    let one =
        |(person, unit): (_, Unit)| Recipient { person, unit: unit.id, building: unit.building };
    Ok(people.into_iter().map(one).collect())
}
