//! Asking for an export.

use super::{
    BOOKS_EXPORT, EXPORT,
    domain::{BookExport, BookFormat, BookKind, ExportState},
    repo,
};
use crate::{
    charges::BillingMonth, error::Refused, estates, ids::BookExportId, ledger::books::LEDGER_READ,
    say,
};
use authz::{AuditFact, Caller, Denied, keyed};
use db::{Db, IdempotencyKey, TenantScope, enqueue_job};
use errors::{Invalid, expected};
use ids::EstateId;
use sheets::Language;

/// The most months of one file.
const MOST: usize = 12;

/// Export this.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct Start {
    pub(crate) estate: EstateId,
    pub(crate) kind: BookKind,
    pub(crate) format: BookFormat,
    #[serde(skip)]
    pub(crate) language: Language,
    pub(crate) from: BillingMonth,
    pub(crate) to: BillingMonth,
}

/// Asks for a file, which a worker writes.
#[tracing::instrument(name = "usecase.book_exports.start", skip_all, fields(estate.id = %command.estate))]
pub(crate) async fn start(
    db: &Db,
    caller: &Caller,
    command: Start,
    key: &IdempotencyKey,
) -> Result<BookExport, Refused> {
    let scope = db.read(caller.tenant()).await?;
    estates::find(&scope, command.estate).await?.ok_or(Denied::Hidden)?;
    drop(scope);
    caller.act(BOOKS_EXPORT, LEDGER_READ, command.estate)?;
    if command.to < command.from {
        return Err(Invalid::new("to", expected::not_before("from")).into());
    }
    if command.from.through(command.to).take(MOST + 1).count() > MOST {
        return Err(Invalid::new("to", say::too_many_months(MOST)).into());
    }
    let (actor, input) = (caller.clone(), command.clone());
    let id = keyed(db, caller, "export_books", key, &input, move |scope| {
        Box::pin(async move { queued(scope, &actor, &command).await })
    })
    .await?;
    let scope = db.read(caller.tenant()).await?;
    Ok(repo::find(&scope, id).await?.ok_or(Denied::Hidden)?)
}

async fn queued(
    scope: &TenantScope,
    caller: &Caller,
    command: &Start,
) -> Result<BookExportId, Refused> {
    let days = (command.from.first(), command.to.last());
    let new = BookExport {
        id: BookExportId::from_uuid(scope.new_id()),
        estate: command.estate,
        kind: command.kind,
        format: command.format,
        language: command.language,
        from: command.from,
        to: command.to,
        state: ExportState::Queued,
        total: repo::count(scope, command.estate, days).await?,
        done: 0,
        file: None,
        requested: (caller.user(), scope.now()),
    };
    repo::insert(scope, &new).await?;
    enqueue_job(scope, EXPORT, new.id.as_uuid()).await?;
    let fact = AuditFact {
        action: "books.exported",
        object: new.id.to_string(),
        estate: Some(new.estate),
        reason: None,
        detail: serde_json::json!({ "kind": new.kind, "from": new.from, "to": new.to }),
    };
    authz::audit(scope, caller, fact).await?;
    Ok(new.id)
}
