//! Doing a batch: each chunk of bills is one transaction that also notes the progress; then the
//! file is written from what was prepared. A worker that dies is followed by another, which goes on
//! behind the last chunk; the file is written anew, always the same.

use super::{
    BATCH,
    repo::{self, Batch, BatchState},
};
use crate::{
    bills,
    cause::Cause,
    documents::{
        download::Shelf,
        notices,
        print::{Book, PaymentNotice, PrintError, Printed as _},
    },
    error::Refused,
    estates,
    ids::NoticeBatchId,
    say,
};
use authz::{AuditFact, Denied};
use chrono::Duration;
use db::{ClaimedJob, Db, JobEnd};
use errors::{Code, Coded as _};
use ids::TenantId;
use runtime::{Job, JobHandler};
use texts::Language;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How many bills are prepared in one transaction, and read at once for the file.
const CHUNK: i64 = 100;

/// The worker that does batches.
pub(crate) fn job(db: Db, shelf: Shelf) -> Job {
    Job::new(BATCH, DoBatch { db, shelf })
}

struct DoBatch {
    db: Db,
    shelf: Shelf,
}

#[async_trait::async_trait]
impl JobHandler for DoBatch {
    async fn run(&self, job: &ClaimedJob, stop: &CancellationToken) -> JobEnd {
        let id = NoticeBatchId::from_uuid(job.id);
        while !stop.is_cancelled() {
            let ended = match chunk(&self.db, job.tenant, id, self.shelf.site.as_deref()).await {
                Ok(Step::More) => continue,
                Ok(Step::Over) => return JobEnd::Done,
                Ok(Step::Prepared) => self.write(job.tenant, id).await,
                Err(refused) => Err(refused),
            };
            match ended {
                Ok(()) => return JobEnd::Done,
                Err(refused) if may_pass(&refused) => {
                    tracing::warn!(error = ?refused, batch = %id, "a batch is tried again");
                    return JobEnd::RetryIn(Duration::seconds(2));
                }
                Err(refused) => {
                    tracing::error!(error = ?refused, batch = %id, "a batch failed");
                    return self.fail(job.tenant, id).await;
                }
            }
        }
        JobEnd::RetryIn(Duration::zero())
    }
}

fn may_pass(refused: &Refused) -> bool {
    refused.is_race() || refused.code() == Code::Unavailable
}

/// How far a batch has come by a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// There is more to prepare.
    More,
    /// The file can be written.
    Prepared,
    /// It was done or given up before.
    Over,
}

/// Prepares the notices of the next bills.
pub(super) async fn chunk(
    db: &Db,
    tenant: TenantId,
    id: NoticeBatchId,
    site: Option<&str>,
) -> Result<Step, Refused> {
    let scope = db.write(tenant).await?;
    let mut batch = repo::lock(&scope, id).await?.ok_or(Denied::Hidden)?;
    if batch.state.is_over() {
        return Ok(Step::Over);
    }
    let estate = estates::find(&scope, batch.estate).await?.ok_or(Denied::Hidden)?;
    let ids = repo::bills(&scope, &batch, CHUNK).await?;
    batch.state = BatchState::Running;
    let Some(last) = ids.last() else {
        repo::save(&scope, &batch).await?;
        scope.commit().await?;
        return Ok(Step::Prepared);
    };
    batch.after = Some(last.as_uuid());
    batch.done += i64::try_from(ids.len()).unwrap_or(i64::MAX);
    // A bill issued meanwhile is in the file too.
    batch.total = batch.total.max(batch.done);
    let found = bills::by_id(&scope, &ids).await?;
    let prepared = notices::notices(&scope, &estate, &found, batch.started_by, site).await?;
    repo::keep(&scope, id, &prepared).await?;
    repo::save(&scope, &batch).await?;
    scope.commit().await?;
    Ok(Step::More)
}

impl DoBatch {
    /// Writes the file, unless the batch is given up meanwhile.
    async fn write(&self, tenant: TenantId, id: NoticeBatchId) -> Result<(), Refused> {
        let scope = self.db.read(tenant).await?;
        let batch = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
        drop(scope);
        let Some((bytes, pages)) = self.book(tenant, &batch).await? else { return Ok(()) };
        let file = self.shelf.keep(tenant, &bytes).await?;
        let scope = self.db.write(tenant).await?;
        let mut batch = repo::lock(&scope, id).await?.ok_or(Denied::Hidden)?;
        if batch.state.is_over() {
            return Ok(());
        }
        batch.state = BatchState::Done;
        batch.file = Some(file);
        batch.pages = i64::try_from(pages).ok();
        batch.total = batch.done;
        batch.finished_at = Some(scope.now());
        repo::save(&scope, &batch).await?;
        repo::forget(&scope, id).await?;
        let fact = AuditFact {
            action: "notice_batch.written",
            object: id.to_string(),
            estate: Some(batch.estate),
            reason: None,
            detail: serde_json::json!({ "notices": batch.done, "pages": pages }),
        };
        Cause::job(BATCH, id.as_uuid()).audit(&scope, fact).await?;
        Ok(scope.commit().await?)
    }

    /// The file and its pages; none once the batch is given up. A chunk of notices is in memory at
    /// a time, and what is written of the file.
    async fn book(
        &self,
        tenant: TenantId,
        batch: &Batch,
    ) -> Result<Option<(Vec<u8>, usize)>, Refused> {
        let (sender, receiver) = mpsc::channel(1);
        let language = batch.language;
        let writing = tokio::task::spawn_blocking(move || bind(receiver, language));
        let mut after = (String::new(), Uuid::nil());
        loop {
            let scope = self.db.read(tenant).await?;
            let now = repo::find(&scope, batch.id).await?.ok_or(Denied::Hidden)?;
            if now.state.is_over() {
                return Ok(None);
            }
            let limit = u64::try_from(CHUNK).unwrap_or(1);
            let mut part = repo::prepared(&scope, batch.id, &after, limit).await?;
            drop(scope);
            let Some((last, _)) = part.last() else { break };
            after = last.clone();
            let notices = part.drain(..).map(|(_, notice)| notice).collect();
            // Whoever writes has failed: what went wrong is told below.
            if sender.send(notices).await.is_err() {
                break;
            }
        }
        drop(sender);
        let written = writing.await;
        let written = written.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
        Ok(Some(written?))
    }

    async fn fail(&self, tenant: TenantId, id: NoticeBatchId) -> JobEnd {
        let note = async {
            let scope = self.db.write(tenant).await?;
            if let Some(mut batch) = repo::lock(&scope, id).await?
                && !batch.state.is_over()
            {
                batch.state = BatchState::Failed;
                batch.finished_at = Some(scope.now());
                repo::save(&scope, &batch).await?;
                repo::forget(&scope, id).await?;
            }
            scope.commit().await
        };
        match note.await {
            Ok(()) => JobEnd::Failed,
            Err(error) => {
                tracing::warn!(%error, batch = %id, "the failure of a batch could not be noted");
                JobEnd::RetryIn(Duration::seconds(2))
            }
        }
    }
}

/// Writes the notices that come in.
fn bind(
    mut notices: mpsc::Receiver<Vec<PaymentNotice>>,
    language: Language,
) -> Result<(Vec<u8>, usize), PrintError> {
    let mut book = Book::new(&say::doc_payment_notice().say(language), language);
    while let Some(part) = notices.blocking_recv() {
        for notice in part {
            book.add(&notice.paper(language))?;
        }
    }
    let pages = book.pages();
    Ok((book.finish()?, pages))
}
