//! Asking for the red-letter invoice (红字发票) that takes an issued one back.

use super::{
    INVOICE_ISSUE, INVOICE_READ,
    domain::{Invoice, InvoiceLine, InvoiceState},
    repo,
};
use crate::{
    error::{Refused, checked_reason},
    ids::InvoiceId,
    say,
};
use authz::{AuditFact, Caller, Denied};
use db::{Db, Idempotency, IdempotencyKey};

/// Asks for the credit invoice of an issued one, of all its lines; what remains paid can be invoiced
/// anew once it is issued.
#[tracing::instrument(name = "usecase.invoices.credit", skip_all, fields(invoice.id = %id))]
pub(super) async fn credit(
    db: &Db,
    caller: &Caller,
    id: InvoiceId,
    reason: &str,
    key: &IdempotencyKey,
) -> Result<Invoice, Refused> {
    match once(db, caller, id, reason, key).await {
        Err(refused) if refused.is_race() => match once(db, caller, id, reason, key).await {
            Err(refused) if refused.is_race() => Err(Refused::Conflict(say::invoice_credited())),
            done => done,
        },
        done => done,
    }
}

async fn once(
    db: &Db,
    caller: &Caller,
    id: InvoiceId,
    reason: &str,
    key: &IdempotencyKey,
) -> Result<Invoice, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let found = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    caller.act(INVOICE_ISSUE, INVOICE_READ, found.estate)?;
    let reason = checked_reason(reason)?;
    let operation = format!("credit_invoice/{}", caller.user());
    let keyed = Idempotency::new(&scope, operation, key, &(id, reason))?;
    if let Some(id) = keyed.first_answer::<InvoiceId>().await? {
        return Ok(repo::find(&scope, id).await?.ok_or(Denied::Hidden)?);
    }
    let invoice = repo::lock(&scope, id).await?.ok_or(Denied::Hidden)?;
    if invoice.state != InvoiceState::Issued || invoice.credits.is_some() {
        return Err(Refused::Conflict(say::invoice_not_issued()));
    }
    let lines = repo::lines_of(&scope, [id]).await?;
    let lines: Vec<InvoiceLine> = lines.iter().map(|(_, line)| line.reversed()).collect();
    let red = Invoice {
        id: InvoiceId::from_uuid(scope.new_id()),
        state: InvoiceState::Requested,
        credits: Some(id),
        gross: -invoice.gross,
        net: -invoice.net,
        tax: -invoice.tax,
        reason: Some(reason.to_owned()),
        requested_by: caller.user(),
        requested_at: scope.now(),
        exported_at: None,
        number: None,
        issued_on: None,
        link: None,
        ..invoice
    };
    repo::insert(&scope, &red, &lines).await?;
    keyed.keep(&red.id).await?;
    let fact = AuditFact {
        action: "invoice.credit_requested",
        object: red.id.to_string(),
        estate: Some(red.estate),
        reason: Some(reason),
        detail: serde_json::json!({ "credits": id, "gross": red.gross }),
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(red)
}
