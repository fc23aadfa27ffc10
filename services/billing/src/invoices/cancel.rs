//! Taking a request back before it is handed over.

use super::{
    INVOICE_READ, INVOICE_REQUEST,
    domain::{Invoice, InvoiceState},
    repo,
};
use crate::{
    accounts,
    error::{Refused, checked_reason},
    ids::InvoiceId,
    say,
};
use authz::{AuditFact, Caller, Denied};
use db::Db;

/// Takes a request back; its lines can be invoiced again.
#[tracing::instrument(name = "usecase.invoices.cancel", skip_all, fields(invoice.id = %id))]
pub(super) async fn cancel(
    db: &Db,
    caller: &Caller,
    id: InvoiceId,
    reason: &str,
) -> Result<Invoice, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let found = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    let account = accounts::find(&scope, found.account).await?.ok_or(Denied::Hidden)?;
    let permit = caller.act(INVOICE_REQUEST, INVOICE_READ, account.estate)?;
    accounts::visible(&permit, &account)?;
    let reason = checked_reason(reason)?;
    let mut invoice = repo::lock(&scope, id).await?.ok_or(Denied::Hidden)?;
    if invoice.state != InvoiceState::Requested {
        return Err(Refused::Conflict(say::invoice_handed_over()));
    }
    invoice.state = InvoiceState::Cancelled;
    invoice.reason = Some(reason.to_owned());
    repo::save(&scope, &invoice).await?;
    let fact = AuditFact {
        action: "invoice.cancelled",
        object: id.to_string(),
        estate: Some(invoice.estate),
        reason: Some(reason),
        detail: serde_json::json!({ "gross": invoice.gross }),
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(invoice)
}
