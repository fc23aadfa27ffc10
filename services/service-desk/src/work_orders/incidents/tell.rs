//! Telling whom an incident affects: that something is out, also those who come to be affected while
//! it is, and that it is over. Everybody hears of each once.

use super::{
    super::{IncidentId, say},
    repo::{self, Incident},
    told_repo::{self, News},
};
use crate::{
    Refused, homes,
    messages::{MessageKind, Words, Written, post_all},
};
use chrono::Duration;
use contracts::{PersonId, UnitId};
use db::{ClaimedJob, Db, JobEnd, JobKind, TenantScope};
use ids::TenantId;
use runtime::{Job, JobHandler};
use texts::Language;
use tokio_util::sync::CancellationToken;

/// The work of telling of one; its id is the incident's.
pub(super) const JOB: JobKind = JobKind("tell_incident");

/// How many letters are posted in one transaction.
const CHUNK: u64 = 200;

/// After how long it is looked again who has moved in, and after a failure.
const LOOK_AGAIN: Duration = Duration::minutes(15);

struct Telling(Db);

/// Tells of incidents.
pub(crate) fn job(db: Db) -> Job {
    Job::new(JOB, Telling(db))
}

#[async_trait::async_trait]
impl JobHandler for Telling {
    async fn run(&self, job: &ClaimedJob, stop: &CancellationToken) -> JobEnd {
        let id = IncidentId::from_uuid(job.id);
        match self.turn(job.tenant, id, stop).await {
            Ok(end) => end,
            Err(error) => {
                tracing::error!(%error, incident.id = %id, "nobody can be told of an incident");
                JobEnd::RetryIn(Duration::minutes(1))
            }
        }
    }
}

impl Telling {
    /// Begins where the last turn stopped: what a chunk did is committed with it.
    async fn turn(
        &self,
        tenant: TenantId,
        id: IncidentId,
        stop: &CancellationToken,
    ) -> Result<JobEnd, Refused> {
        let scope = self.0.write(tenant).await?;
        let Some(incident) = repo::lock(&scope, id).await? else { return Ok(JobEnd::Done) };
        if incident.resolved_at.is_none() {
            told_repo::put(&scope, id, &affected(&scope, &incident).await?).await?;
            scope.commit().await?;
        } else {
            drop(scope);
        }
        while !stop.is_cancelled() {
            match self.chunk(tenant, id).await? {
                Chunk::Posted => {}
                Chunk::AllKnow(News::Out) => return Ok(JobEnd::RetryIn(LOOK_AGAIN)),
                Chunk::AllKnow(News::Over) => return Ok(JobEnd::Done),
            }
        }
        Ok(JobEnd::RetryIn(Duration::zero()))
    }

    /// Posts some letters.
    async fn chunk(&self, tenant: TenantId, id: IncidentId) -> Result<Chunk, Refused> {
        let scope = self.0.write(tenant).await?;
        let Some(incident) = repo::lock(&scope, id).await? else {
            return Ok(Chunk::AllKnow(News::Over));
        };
        let news = if incident.resolved_at.is_none() { News::Out } else { News::Over };
        let people = told_repo::waiting(&scope, id, news, CHUNK).await?;
        if people.is_empty() {
            return Ok(Chunk::AllKnow(news));
        }
        let letters = people.iter().map(|to| letter(&incident, news, *to)).collect();
        post_all(&scope, letters).await?;
        told_repo::told(&scope, id, news, people.into_iter().map(|(person, _)| person)).await?;
        scope.commit().await?;
        Ok(Chunk::Posted)
    }
}

/// What became of a chunk.
enum Chunk {
    /// Letters were posted, and there may be more.
    Posted,
    /// Nobody is left who does not know this.
    AllKnow(News),
}

/// Who belongs to the affected units today.
async fn affected(
    scope: &TenantScope,
    incident: &Incident,
) -> Result<Vec<(PersonId, UnitId)>, Refused> {
    let units = places::homes::of_estate(scope, incident.estate, None).await?;
    let here = units.into_iter().filter(|it| incident.affects(Some(it.building), Some(it.id)));
    let units: Vec<_> = here.collect();
    let people = homes::people(scope, incident.estate, &units, |_| true).await?;
    Ok(people.into_iter().map(|(person, unit)| (person, unit.id)).collect())
}

fn letter(incident: &Incident, news: News, (person, unit): (PersonId, UnitId)) -> Written {
    let (title, body) = match news {
        News::Out => {
            let (zh, en) = (incident.message_zh.clone(), incident.message_en.clone());
            (say::letter_out_title(), Words { zh, en })
        }
        News::Over => {
            let zh = say::letter_over(incident.message_zh.clone()).say(Language::Zh);
            let en = say::letter_over(incident.message_en.clone()).say(Language::En);
            (say::letter_over_title(), Words { zh, en })
        }
    };
    Written {
        estate: incident.estate,
        person,
        unit: Some(unit),
        kind: MessageKind::Outage,
        title: Words::from(&title),
        body,
        reference: incident.id.to_string(),
    }
}
