//! Sending a mail that is kept: until the server takes it, refuses it for good, or it has been tried
//! enough.

use super::{
    domain::{MailState, pause_after},
    mailer::{Letter, Mailer},
};
use chrono::{DateTime, Duration, Utc};
use db::{ClaimedJob, Db, JobEnd, JobKind, StorageError, TenantScope};
use ids::TenantId;
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

/// A mail in the database.
#[async_trait::async_trait]
pub(crate) trait Kept: Sized + Send + Sync + 'static {
    /// The work of sending one; its id is that of the job.
    const KIND: JobKind;

    /// The mail, held until the transaction ends.
    async fn lock(scope: &TenantScope, id: Uuid) -> Result<Option<Self>, StorageError>;

    /// Writes how far it has come.
    async fn save(&self, scope: &TenantScope) -> Result<(), StorageError>;

    /// What is to be sent; nothing when it is no longer wanted or true.
    async fn letter(&self, scope: &TenantScope) -> Result<Option<Letter>, StorageError>;

    /// How far it has come.
    fn progress(&mut self) -> &mut Progress;
}

/// Sends the mails of a kind; without a mail server they wait.
pub(crate) fn sending<K: Kept>(db: Db, mailer: Option<Mailer>) -> Job {
    Job::new(K::KIND, Sending::<K> { db, mailer, kept: PhantomData }).at_once(WORKERS)
}

struct Sending<K> {
    db: Db,
    mailer: Option<Mailer>,
    kept: PhantomData<fn() -> K>,
}

#[async_trait::async_trait]
impl<K: Kept> JobHandler for Sending<K> {
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

impl<K: Kept> Sending<K> {
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
        let Some(mut mail) = K::lock(&scope, id).await? else { return Ok(JobEnd::Done) };
        if mail.progress().state != MailState::Waiting {
            return Ok(JobEnd::Done);
        }
        let letter = mail.letter(&scope).await?;
        if letter.is_some() {
            mail.progress().tries += 1;
        } else {
            mail.progress().state = MailState::Dropped;
            mail.progress().ended_at = Some(scope.now());
        }
        mail.save(&scope).await?;
        scope.commit().await?;
        let Some(letter) = letter else { return Ok(JobEnd::Done) };
        let sent = mailer.send(&letter).await;
        let scope = self.db.write(tenant).await?;
        let Some(mut mail) = K::lock(&scope, id).await? else { return Ok(JobEnd::Done) };
        let (mut end, progress) = (JobEnd::Done, mail.progress());
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
        mail.save(&scope).await?;
        scope.commit().await?;
        Ok(end)
    }
}
