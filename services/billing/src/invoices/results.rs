//! Entering what the provider answered: number, day and link, or why it refused.

use super::{
    INVOICE_ISSUE, INVOICE_READ,
    domain::{Invoice, InvoiceState},
    repo,
};
use crate::{error::Refused, ids::InvoiceId, say};
use authz::{AuditFact, Caller, Denied};
use chrono::NaiveDate;
use db::{Db, Idempotency, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use ids::EstateId;

/// So many answers are entered at once.
const MOST: usize = 500;

/// The answer to one request.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(super) struct InvoiceResult {
    pub invoice: InvoiceId,
    /// The number it was given; `None`: it was refused.
    pub number: Option<String>,
    pub issued_on: Option<NaiveDate>,
    pub link: Option<String>,
    pub refusal: Option<String>,
}

/// Enters answers, all of them or none.
#[tracing::instrument(name = "usecase.invoices.results", skip_all, fields(estate.id = %estate))]
pub(super) async fn enter(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    results: Vec<InvoiceResult>,
    key: &IdempotencyKey,
) -> Result<Vec<Invoice>, Refused> {
    caller.act(INVOICE_ISSUE, INVOICE_READ, estate)?;
    if !(1..=MOST).contains(&results.len()) {
        return Err(Invalid::new("results", expected::length(1, MOST)).into());
    }
    match once(db, caller, estate, &results, key).await {
        Err(refused) if refused.is_race() => match once(db, caller, estate, &results, key).await {
            Err(refused) if refused.is_race() => {
                Err(Invalid::new("number", expected::unused()).into())
            }
            done => done,
        },
        done => done,
    }
}

async fn once(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    results: &[InvoiceResult],
    key: &IdempotencyKey,
) -> Result<Vec<Invoice>, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let operation = format!("record_invoice_results/{}", caller.user());
    let keyed = Idempotency::new(&scope, operation, key, &(estate, results))?;
    if keyed.first_answer::<usize>().await?.is_some() {
        return all(&scope, results).await;
    }
    for result in results {
        let invoice = repo::lock(&scope, result.invoice).await?;
        let invoice = invoice.filter(|invoice| invoice.estate == estate).ok_or(Denied::Hidden)?;
        if invoice.state != InvoiceState::Exported {
            return Err(Refused::Conflict(say::invoice_not_exported(invoice.id.to_string())));
        }
        let invoice = answered(invoice, result)?;
        repo::save(&scope, &invoice).await?;
        if let (InvoiceState::Issued, Some(credited)) = (invoice.state, invoice.credits) {
            repo::release(&scope, credited).await?;
        }
        let issued = invoice.state == InvoiceState::Issued;
        let fact = AuditFact {
            action: if issued { "invoice.issued" } else { "invoice.refused" },
            object: invoice.id.to_string(),
            estate: Some(estate),
            reason: invoice.reason.as_deref(),
            detail: serde_json::json!({ "number": invoice.number, "gross": invoice.gross }),
        };
        authz::audit(&scope, caller, fact).await?;
    }
    keyed.keep(&results.len()).await?;
    let entered = all(&scope, results).await?;
    scope.commit().await?;
    Ok(entered)
}

async fn all(scope: &TenantScope, results: &[InvoiceResult]) -> Result<Vec<Invoice>, Refused> {
    let mut invoices = Vec::with_capacity(results.len());
    for result in results {
        invoices.push(repo::find(scope, result.invoice).await?.ok_or(Denied::Hidden)?);
    }
    Ok(invoices)
}

/// The invoice after an answer.
fn answered(invoice: Invoice, result: &InvoiceResult) -> Result<Invoice, Invalid> {
    let InvoiceResult { number, issued_on, link, refusal, .. } = result;
    match (number, issued_on, refusal) {
        (Some(number), Some(day), None) => {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            let right = (8..=40).contains(&number.len()) && number.bytes().all(plain);
            if !right {
                return Err(Invalid::new("number", say::invoice_number_form()));
            }
            let safe = |link: &String| link.starts_with("https://") && link.len() <= 500;
            if link.as_ref().is_some_and(|link| !safe(link)) {
                return Err(Invalid::new("link", expected::web_address()));
            }
            Ok(Invoice {
                state: InvoiceState::Issued,
                number: Some(number.clone()),
                issued_on: Some(*day),
                link: link.clone(),
                ..invoice
            })
        }
        (None, None, Some(why)) if (1..=500).contains(&why.trim().chars().count()) => {
            let why = Some(why.trim().to_owned());
            Ok(Invoice { state: InvoiceState::Refused, reason: why, ..invoice })
        }
        _ => Err(Invalid::new("number", say::invoice_number_or_refusal())),
    }
}
