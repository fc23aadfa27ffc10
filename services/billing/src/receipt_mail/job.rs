//! Sending: each mail until the server takes it, refuses it for good, or it has been tried enough.

use super::{
    compose::compose,
    domain::{MailState, pause_after},
    mailer::{Letter, Mailer},
    queue::wanted,
    repo::{self, Mail},
};
use crate::{estates, ids::ReceiptId, receipts::Receipts};
use chrono::Duration;
use db::{ClaimedJob, Db, JobEnd, JobKind, StorageError, TenantScope};
use ids::TenantId;
use runtime::{Job, JobHandler};
use tokio_util::sync::CancellationToken;

/// The work of sending one receipt.
pub(super) const RECEIPT_MAIL: JobKind = JobKind("receipt_mail");

/// How many mails are under way at once.
const WORKERS: usize = 4;

/// The longest failure that is kept.
const MAX_FAILURE: usize = 500;

/// Sends receipts; without a mail server they wait.
pub(crate) fn job(db: Db, mailer: Option<Mailer>) -> Job {
    Job::new(RECEIPT_MAIL, SendReceipt { db, mailer }).at_once(WORKERS)
}

struct SendReceipt {
    db: Db,
    mailer: Option<Mailer>,
}

#[async_trait::async_trait]
impl JobHandler for SendReceipt {
    async fn run(&self, job: &ClaimedJob, _stop: &CancellationToken) -> JobEnd {
        let Some(mailer) = &self.mailer else { return JobEnd::RetryIn(Duration::hours(1)) };
        match self.turn(mailer, job.tenant, ReceiptId::from_uuid(job.id)).await {
            Ok(end) => end,
            Err(error) => {
                tracing::error!(%error, receipt.id = %job.id, "a receipt cannot be sent");
                JobEnd::RetryIn(Duration::minutes(1))
            }
        }
    }
}

impl SendReceipt {
    /// One try. That it is made is written before it is made, so that a mail on which we die again
    /// and again ends as well; a death after the server took it sends it once more, under the same
    /// id.
    async fn turn(
        &self,
        mailer: &Mailer,
        tenant: TenantId,
        id: ReceiptId,
    ) -> Result<JobEnd, StorageError> {
        let scope = self.db.write(tenant).await?;
        let Some(mut mail) = repo::lock(&scope, id).await? else { return Ok(JobEnd::Done) };
        if mail.state != MailState::Waiting {
            return Ok(JobEnd::Done);
        }
        let letter = letter(&scope, &mail).await?;
        if letter.is_some() {
            mail.tries += 1;
        } else {
            mail.state = MailState::Dropped;
            mail.ended_at = Some(scope.now());
        }
        repo::put(&scope, &mail).await?;
        scope.commit().await?;
        let Some(letter) = letter else { return Ok(JobEnd::Done) };
        let sent = mailer.send(&letter).await;
        let scope = self.db.write(tenant).await?;
        let Some(mut mail) = repo::lock(&scope, id).await? else { return Ok(JobEnd::Done) };
        let mut end = JobEnd::Done;
        match sent {
            Ok(()) => {
                mail.state = MailState::Sent;
                mail.failure = None;
                mail.ended_at = Some(scope.now());
            }
            Err(refusal) => {
                tracing::warn!(%refusal, receipt.id = %id, "the mail server did not take a mail");
                mail.failure = Some(refusal.reason.chars().take(MAX_FAILURE).collect());
                if let Some(pause) = pause_after(mail.tries).filter(|_| !refusal.for_good) {
                    end = JobEnd::RetryIn(pause);
                } else {
                    mail.state = MailState::Failed;
                    mail.ended_at = Some(scope.now());
                }
            }
        }
        repo::put(&scope, &mail).await?;
        scope.commit().await?;
        Ok(end)
    }
}

/// What is to be sent; nothing when the receipt was voided or mail is no longer wanted.
async fn letter(scope: &TenantScope, mail: &Mail) -> Result<Option<Letter>, StorageError> {
    if wanted(scope, mail.account).await?.is_none() {
        return Ok(None);
    }
    let receipt = Receipts(scope).find(mail.receipt).await?;
    let Some(receipt) = receipt.filter(|receipt| receipt.voided.is_none()) else {
        return Ok(None);
    };
    let estate = estates::find(scope, receipt.estate).await?;
    Ok(estate.map(|estate| compose(mail, &receipt, &estate)))
}
