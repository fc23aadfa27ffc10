//! Telling of an event: everybody who belongs to the estate when it is announced, and who has a place
//! the day before it.

use super::{
    CommunityEventId,
    domain::{Event, EventState, SignUpState},
    notes::{begins, letter, name},
    repo, say, sign_up_repo,
    told_repo::{self, News},
};
use crate::{
    Refused, homes,
    messages::{Letter, MessageKind, Written, post_all},
};
use chrono::{DateTime, Duration, Utc};
use contracts::{PersonId, residents::MemberKind};
use db::{ClaimedJob, Db, JobEnd, JobKind, TenantScope, enqueue_job};
use ids::TenantId;
use runtime::{Job, JobHandler};
use tokio_util::sync::CancellationToken;

/// The work of telling of one; its id is the event's.
const KIND: JobKind = JobKind("tell_event");

/// How many letters are posted in one transaction.
const CHUNK: usize = 200;

/// How long before it begins who has a place is reminded: there is time to give it back.
const REMINDED_BEFORE: Duration = Duration::days(1);

/// After something was in the way.
const SOON: Duration = Duration::minutes(1);

/// Has the residents told of an event that is announced.
pub(super) async fn announced(scope: &TenantScope, event: &Event) -> Result<(), Refused> {
    Ok(enqueue_job(scope, KIND, event.id.as_uuid()).await?)
}

/// Has who comes reminded at the event's new time, whether or not they were at the old one.
pub(super) async fn reminded_anew(scope: &TenantScope, event: &Event) -> Result<(), Refused> {
    let told = told_repo::of_event(scope, event.id).await?;
    if told.news == News::Reminded {
        told_repo::keep(scope, event.id, told_repo::Told { last: None, ..told }).await?;
    }
    Ok(enqueue_job(scope, KIND, event.id.as_uuid()).await?)
}

/// The worker that tells.
pub(crate) fn job(db: Db) -> Job {
    Job::new(KIND, Telling(db))
}

struct Telling(Db);

#[async_trait::async_trait]
impl JobHandler for Telling {
    async fn run(&self, job: &ClaimedJob, stop: &CancellationToken) -> JobEnd {
        let id = CommunityEventId::from_uuid(job.id);
        while !stop.is_cancelled() {
            match self.chunk(job.tenant, id).await {
                Ok(Next::More) => {}
                Ok(Next::Later(pause)) => return JobEnd::RetryIn(pause),
                Ok(Next::Nothing) => return JobEnd::Done,
                Err(error) => {
                    tracing::error!(%error, event.id = %id, "nobody can be told of an event");
                    return JobEnd::RetryIn(SOON);
                }
            }
        }
        JobEnd::RetryIn(Duration::zero())
    }
}

/// What is to be told after a chunk.
enum Next {
    /// There may be more now.
    More,
    /// Something after this time.
    Later(Duration),
    /// All is told, or the event does not take place.
    Nothing,
}

impl Telling {
    /// Posts some letters, beginning after whom the last chunk told: what it did is committed with it.
    async fn chunk(&self, tenant: TenantId, id: CommunityEventId) -> Result<Next, Refused> {
        let scope = self.0.write(tenant).await?;
        let event = repo::lock(&scope, id).await?;
        let Some(event) = event.filter(|event| event.state == EventState::Announced) else {
            return Ok(Next::Nothing);
        };
        let mut told = told_repo::of_event(&scope, id).await?;
        if told.news == News::Announced {
            let letters = invitations(&scope, &event, told.last).await?;
            if let Some(last) = post(&scope, letters).await? {
                told_repo::keep(&scope, id, told_repo::Told { last: Some(last), ..told }).await?;
                scope.commit().await?;
                return Ok(Next::More);
            }
            told = told_repo::Told { news: News::Reminded, last: None };
            told_repo::keep(&scope, id, told).await?;
        }
        let pause = reminds_at(&event) - scope.now();
        let posted = if pause > Duration::zero() {
            None
        } else {
            let letters = reminders(&scope, &event, told.last).await?;
            post(&scope, letters).await?
        };
        if let Some(last) = posted {
            told_repo::keep(&scope, id, told_repo::Told { last: Some(last), ..told }).await?;
        }
        scope.commit().await?;
        Ok(match posted {
            Some(_) => Next::More,
            None if pause > Duration::zero() => Next::Later(pause),
            None => Next::Nothing,
        })
    }
}

fn reminds_at(event: &Event) -> DateTime<Utc> {
    event.details.plan.starts_at - REMINDED_BEFORE
}

/// Posts letters; to whom the last of them went.
async fn post(scope: &TenantScope, letters: Vec<Written>) -> Result<Option<PersonId>, Refused> {
    let last = letters.last().map(|letter| letter.person);
    post_all(scope, letters).await?;
    Ok(last)
}

/// Letters to who belongs to the estate today, after somebody.
async fn invitations(
    scope: &TenantScope,
    event: &Event,
    after: Option<PersonId>,
) -> Result<Vec<Written>, Refused> {
    let units = places::homes::of_estate(scope, event.estate, None).await?;
    let lives_there = |kind| kind != MemberKind::Developer;
    let people = homes::people(scope, event.estate, &units, lives_there).await?;
    let (when, place) = (begins(scope, event).await?, event.details.plan.place.clone());
    let next = people.into_iter().filter(|(person, _)| after.is_none_or(|last| *person > last));
    let letter = |(person, unit): (PersonId, places::homes::Unit)| {
        Written::from(Letter {
            estate: event.estate,
            person,
            unit: Some(unit.id),
            kind: MessageKind::Event,
            title: say::letter_announced_title(),
            body: say::letter_announced(name(event), when.clone(), place.clone()),
            reference: event.id.to_string(),
        })
    };
    Ok(next.take(CHUNK).map(letter).collect())
}

/// Letters to who has a place, after somebody.
async fn reminders(
    scope: &TenantScope,
    event: &Event,
    after: Option<PersonId>,
) -> Result<Vec<Written>, Refused> {
    let mut places = sign_up_repo::in_states(scope, event.id, &[SignUpState::Confirmed]).await?;
    places.sort_unstable_by_key(|place| place.person);
    let (when, place) = (begins(scope, event).await?, event.details.plan.place.clone());
    let next = places.iter().filter(|it| after.is_none_or(|last| it.person > last));
    let words = || {
        let body = say::letter_reminder(name(event), when.clone(), place.clone());
        (say::letter_reminder_title(), body)
    };
    Ok(next.take(CHUNK).map(|it| letter(event, it, words()).into()).collect())
}
