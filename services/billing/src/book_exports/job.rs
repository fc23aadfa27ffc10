//! Writing the files.

use super::{
    domain::{BookExport, BookKind, ExportState},
    repo, reports_file,
    vouchers::{Numbers, Sheet, Words, journal, rows},
};
use crate::{
    closing::{self, MonthState},
    estates, fees,
    ids::BookExportId,
    reports,
};
use authz::Denied;
use chrono::Duration;
use contracts::FileId;
use db::{ClaimedJob, Db, JobEnd, JobKind, StorageError};
use files::{FileStore, FilesError};
use ids::TenantId;
use runtime::{Job, JobHandler};
use sheets::{Language, SheetError, Value};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Writing one export.
pub(crate) const EXPORT: JobKind = JobKind("book_export");
/// How many entries are read at once.
const PAGE: i64 = 500;

/// The worker that writes exports.
pub(crate) fn job(db: Db, files: FileStore) -> Job {
    Job::new(EXPORT, Write { db, files })
}

struct Write {
    db: Db,
    files: FileStore,
}

/// Why a file cannot be written.
#[derive(Debug, thiserror::Error)]
enum WriteError {
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Sheet(#[from] SheetError),
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("stopped")]
    Stopped,
}

impl WriteError {
    /// Whether a later try may succeed.
    fn may_pass(&self) -> bool {
        match self {
            Self::Storage(error) => error.is_unavailable(),
            Self::Files(error) => matches!(error, FilesError::Store(_)),
            Self::Stopped => true,
            Self::Sheet(_) | Self::Denied(_) => false,
        }
    }
}

#[async_trait::async_trait]
impl JobHandler for Write {
    async fn run(&self, job: &ClaimedJob, stop: &CancellationToken) -> JobEnd {
        let id = BookExportId::from_uuid(job.id);
        match self.write(job.tenant, id, stop).await {
            Ok(()) => JobEnd::Done,
            Err(WriteError::Stopped) => JobEnd::RetryIn(Duration::zero()),
            Err(error) if error.may_pass() => {
                tracing::warn!(%error, export = %id, "an export is tried again");
                JobEnd::RetryIn(Duration::seconds(5))
            }
            Err(error) => {
                tracing::error!(%error, export = %id, "an export failed");
                match self.fail(job.tenant, id).await {
                    Ok(()) => JobEnd::Failed,
                    Err(error) => {
                        tracing::warn!(%error, export = %id, "that it failed cannot be kept yet");
                        JobEnd::RetryIn(Duration::seconds(5))
                    }
                }
            }
        }
    }
}

impl Write {
    async fn write(
        &self,
        tenant: TenantId,
        id: BookExportId,
        stop: &CancellationToken,
    ) -> Result<(), WriteError> {
        let scope = self.db.read(tenant).await?;
        let mut export = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
        drop(scope);
        if matches!(export.state, ExportState::Done | ExportState::Failed) {
            return Ok(());
        }
        export.state = ExportState::Running;
        export.done = 0;
        self.save(tenant, &export).await?;
        let bytes = match export.kind {
            BookKind::Journal => self.journal(tenant, &mut export, stop).await?,
            BookKind::Reports => self.reports(tenant, &export).await?,
        };
        let file = FileId::from_uuid(self.db.clock().uuid());
        self.files.put(tenant, file.as_uuid(), &bytes).await?;
        export.file = Some(file);
        export.done = export.total;
        export.state = ExportState::Done;
        Ok(self.save(tenant, &export).await?)
    }

    async fn save(&self, tenant: TenantId, export: &BookExport) -> Result<(), StorageError> {
        let scope = self.db.write(tenant).await?;
        repo::save(&scope, export).await?;
        scope.commit().await
    }

    async fn fail(&self, tenant: TenantId, id: BookExportId) -> Result<(), StorageError> {
        let scope = self.db.write(tenant).await?;
        if let Some(mut export) = repo::find(&scope, id).await? {
            export.state = ExportState::Failed;
            repo::save(&scope, &export).await?;
        }
        scope.commit().await
    }

    async fn journal(
        &self,
        tenant: TenantId,
        export: &mut BookExport,
        stop: &CancellationToken,
    ) -> Result<Vec<u8>, WriteError> {
        let scope = self.db.read(tenant).await?;
        let items = fees::repo::items(&scope, export.estate).await?;
        drop(scope);
        let zh = export.language == Language::Zh;
        let name = |item: fees::FeeItem| if zh { item.name_zh } else { item.name_en };
        let items = items.into_iter().map(|item| (item.id, name(item))).collect();
        let words = Words { language: export.language, items };
        let mut sheet = journal(export)?;
        let mut numbers = Numbers::default();
        let mut after = (export.from.first(), Uuid::nil());
        loop {
            if stop.is_cancelled() {
                return Err(WriteError::Stopped);
            }
            let scope = self.db.read(tenant).await?;
            let (entries, lines) =
                repo::entries(&scope, export.estate, export.to.last(), after, PAGE).await?;
            drop(scope);
            let Some(last) = entries.last() else { break };
            after = (last.day, last.id);
            sheet = written(sheet, rows(&words, &mut numbers, &entries, &lines)).await?;
            export.done += i64::try_from(entries.len()).unwrap_or(i64::MAX);
            export.total = export.total.max(export.done);
            self.save(tenant, export).await?;
        }
        Ok(blocking(move || sheet.finish()).await?)
    }

    async fn reports(&self, tenant: TenantId, export: &BookExport) -> Result<Vec<u8>, WriteError> {
        let scope = self.db.read(tenant).await?;
        let month = closing::find(&scope, export.estate, export.to).await?;
        let frozen = match month.state {
            MonthState::Closed => {
                reports::find(&scope, export.estate, export.to, month.version).await?
            }
            MonthState::Open | MonthState::Closing => None,
        };
        let figures = if let Some(frozen) = frozen {
            frozen.figures
        } else {
            let estate = estates::find(&scope, export.estate).await?.ok_or(Denied::Hidden)?;
            reports::figures(&scope, &estate, export.to).await?
        };
        drop(scope);
        let export = export.clone();
        Ok(blocking(move || reports_file::write(&export, &figures)).await?)
    }
}

/// Writes rows beside the database work.
async fn written(mut sheet: Sheet, rows: Vec<Vec<Value>>) -> Result<Sheet, SheetError> {
    blocking(move || {
        rows.iter().try_for_each(|row| sheet.row(row))?;
        Ok(sheet)
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SheetError> + Send + 'static,
) -> Result<T, SheetError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic()))
}
