//! Sending a mail that is kept: until the server takes it, refuses it for good, or it has been tried
//! enough.

use super::{
    domain::{About, MailState},
    queue::wanted,
    repo::{self, Mail},
};
use chrono::{DateTime, Duration, Utc};
use db::{ClaimedJob, Db, JobEnd, JobKind, StorageError, TenantScope};
use ids::TenantId;
use mail::{Letter, Mailer, pause_after};
use runtime::{Job, JobHandler};
use std::marker::PhantomData;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How many mails of a kind are under way at once.
const WORKERS: usize = 4;

/// The longest failure that is kept.
const MAX_FAILURE: usize = 500;

/// How far a mail has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    pub state: MailState,
    pub tries: i32,
    pub failure: Option<String>,
    pub ended_at: Option<DateTime<Utc>>,
}

impl Progress {
    /// Of a mail that nobody has tried to send yet.
    pub const fn waiting() -> Self {
        Self { state: MailState::Waiting, tries: 0, failure: None, ended_at: None }
    }
}

/// What mails about one thing say.
#[async_trait::async_trait]
pub(crate) trait Written: Send + Sync + 'static {
    /// The work of sending one; its id is what the mail is about.
    const JOB: JobKind;
    /// What they are about.
    const ABOUT: About;

    /// What is to be sent; nothing when it is no longer true.
    async fn letter(scope: &TenantScope, mail: &Mail) -> Result<Option<Letter>, StorageError>;
}

/// Sends the mails about one thing; without a mail server they wait.
pub(crate) fn sending<W: Written>(db: Db, mailer: Option<Mailer>) -> Job {
    Job::new(W::JOB, Sending::<W> { db, mailer, written: PhantomData }).at_once(WORKERS)
}

struct Sending<W> {
    db: Db,
    mailer: Option<Mailer>,
    written: PhantomData<fn() -> W>,
}

#[async_trait::async_trait]
impl<W: Written> JobHandler for Sending<W> {
    async fn run(&self, job: &ClaimedJob, _stop: &CancellationToken) -> JobEnd {
        let Some(mailer) = &self.mailer else { return JobEnd::RetryIn(Duration::hours(1)) };
        match self.turn(mailer, job.tenant, job.id).await {
            Ok(end) => end,
            Err(error) => {
                tracing::error!(%error, mail.id = %job.id, "a mail cannot be sent");
                JobEnd::RetryIn(Duration::minutes(1))
            }
        }
    }
}

impl<W: Written> Sending<W> {
    /// One try. That it is made is written before it is made, so that a mail on which we die again
    /// and again ends as well; a death after the server took it sends it once more, under the same
    /// id.
    async fn turn(
        &self,
        mailer: &Mailer,
        tenant: TenantId,
        id: Uuid,
    ) -> Result<JobEnd, StorageError> {
        let scope = self.db.write(tenant).await?;
        let Some(mut mail) = repo::lock(&scope, id).await? else { return Ok(JobEnd::Done) };
        if mail.progress.state != MailState::Waiting {
            return Ok(JobEnd::Done);
        }
        let letter = match wanted(&scope, mail.account).await? {
            Some(_) => W::letter(&scope, &mail).await?,
            None => None,
        };
        if letter.is_some() {
            mail.progress.tries += 1;
        } else {
            mail.progress.state = MailState::Dropped;
            mail.progress.ended_at = Some(scope.now());
        }
        repo::put(&scope, &mail).await?;
        scope.commit().await?;
        let Some(letter) = letter else { return Ok(JobEnd::Done) };
        let sent = mailer.send(&letter).await;
        let scope = self.db.write(tenant).await?;
        let Some(mut mail) = repo::lock(&scope, id).await? else { return Ok(JobEnd::Done) };
        let (mut end, progress) = (JobEnd::Done, &mut mail.progress);
        match sent {
            Ok(()) => {
                progress.state = MailState::Sent;
                progress.failure = None;
                progress.ended_at = Some(scope.now());
            }
            Err(refusal) => {
                tracing::warn!(%refusal, mail.id = %id, "the mail server did not take a mail");
                progress.failure = Some(refusal.reason.chars().take(MAX_FAILURE).collect());
                if let Some(pause) = pause_after(progress.tries).filter(|_| !refusal.for_good) {
                    end = JobEnd::RetryIn(pause);
                } else {
                    progress.state = MailState::Failed;
                    progress.ended_at = Some(scope.now());
                }
            }
        }
        repo::put(&scope, &mail).await?;
        scope.commit().await?;
        Ok(end)
    }
}
