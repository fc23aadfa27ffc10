//! Handing requests to the provider, and the list of invoices as a file.

use super::{
    INVOICE_ISSUE, INVOICE_READ,
    domain::{Invoice, InvoiceLine, InvoiceState},
    provider::{ExportFile, Format, InvoiceProvider},
    repo,
};
use crate::{documents::Shelf, error::Refused, estates, ids::InvoiceId};
use authz::{AuditFact, Caller, Denied, Reach};
use contracts::FileId;
use db::{Db, Idempotency, IdempotencyKey, StorageError, TenantScope};
use ids::EstateId;
use std::collections::HashMap;

/// So many requests are handed over, or listed in a file, at once.
const MOST: u64 = 1_000;

/// What was handed over.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct HandedOver {
    pub file: FileId,
    pub name: String,
    pub invoices: usize,
}

/// Hands the waiting requests of an estate over, oldest first.
#[tracing::instrument(name = "usecase.invoices.export", skip_all, fields(estate.id = %estate))]
pub(super) async fn export(
    db: &Db,
    shelf: &Shelf,
    caller: &Caller,
    (estate, format): (EstateId, Format),
    key: &IdempotencyKey,
) -> Result<HandedOver, Refused> {
    caller.act(INVOICE_ISSUE, INVOICE_READ, estate)?;
    match once(db, shelf, caller, (estate, format), key).await {
        Err(refused) if refused.is_race() => once(db, shelf, caller, (estate, format), key).await,
        done => done,
    }
}

async fn once(
    db: &Db,
    shelf: &Shelf,
    caller: &Caller,
    (estate, format): (EstateId, Format),
    key: &IdempotencyKey,
) -> Result<HandedOver, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let operation = format!("export_invoices/{}", caller.user());
    let keyed = Idempotency::new(&scope, operation, key, &(estate, format))?;
    if let Some(first) = keyed.first_answer().await? {
        return Ok(first);
    }
    let known = estates::find(&scope, estate).await?.ok_or(Denied::Hidden)?;
    let mut invoices = repo::lock_requested(&scope, estate, MOST).await?;
    for invoice in &mut invoices {
        invoice.state = InvoiceState::Exported;
        invoice.exported_at = Some(scope.now());
        repo::save(&scope, invoice).await?;
    }
    let name =
        format!("invoices-{}-{}.{}", known.code, known.today(scope.clock()), format.ending());
    let handed = HandedOver {
        file: written(&scope, shelf, invoices.clone(), format).await?,
        name,
        invoices: invoices.len(),
    };
    keyed.keep(&handed).await?;
    let fact = AuditFact {
        action: "invoice.exported",
        object: estate.to_string(),
        estate: Some(estate),
        reason: None,
        detail: serde_json::json!({
            "file": handed.file,
            "invoices": invoices.iter().map(|invoice| invoice.id).collect::<Vec<_>>(),
        }),
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(handed)
}

/// The invoices of an estate in a state as a file, newest first; nothing changes.
#[tracing::instrument(name = "usecase.invoices.list_file", skip_all, fields(estate.id = %estate))]
pub(super) async fn list_file(
    db: &Db,
    shelf: &Shelf,
    caller: &Caller,
    (estate, format): (EstateId, Format),
    state: Option<InvoiceState>,
) -> Result<HandedOver, Refused> {
    if *caller.act(INVOICE_READ, INVOICE_READ, estate)?.reach() != Reach::All {
        return Err(Denied::Hidden.into());
    }
    let scope = db.write(caller.tenant()).await?;
    let known = estates::find(&scope, estate).await?.ok_or(Denied::Hidden)?;
    let wanted = repo::Wanted { estate: Some(estate), state, ..repo::Wanted::default() };
    let invoices = repo::page(&scope, &wanted, None, MOST).await?;
    let many = invoices.len();
    let file = written(&scope, shelf, invoices, format).await?;
    let fact = AuditFact {
        action: "invoice.listed",
        object: estate.to_string(),
        estate: Some(estate),
        reason: None,
        detail: serde_json::json!({ "file": file, "invoices": many }),
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    let today = known.today(db.clock());
    let name = format!("invoices-{}-{today}.{}", known.code, format.ending());
    Ok(HandedOver { file, name, invoices: many })
}

async fn written(
    scope: &TenantScope,
    shelf: &Shelf,
    invoices: Vec<Invoice>,
    format: Format,
) -> Result<FileId, Refused> {
    let mut lines: HashMap<InvoiceId, Vec<InvoiceLine>> = HashMap::new();
    for (id, line) in repo::lines_of(scope, invoices.iter().map(|invoice| invoice.id)).await? {
        lines.entry(id).or_default().push(line);
    }
    let of = |invoice: Invoice| {
        let lines = lines.remove(&invoice.id).unwrap_or_default();
        (invoice, lines)
    };
    let requests: Vec<_> = invoices.into_iter().map(of).collect();
    let submitted = ExportFile(format)
        .submit(&requests)
        .map_err(|error| StorageError::unreadable(error.to_string()))?;
    Ok(shelf.keep(scope.tenant(), &submitted.file).await?)
}
