//! Voiding a receipt: the original is kept, a new one may take its place.

use super::{
    RECEIPT_VOID,
    issue::{Draft, issue},
    repo::{Receipts, Voided},
};
use crate::{
    estates,
    ids::{PaymentId, ReceiptId},
    payments::{PAYMENT_READ, PayError, Payments},
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use serde::Serialize;
use uuid::Uuid;

/// Void this receipt.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct VoidReceipt {
    pub receipt: ReceiptId,
    pub reason: String,
    /// Whether a new receipt with the same content takes its place.
    pub reissue: bool,
}

/// Voids it and answers the receipt that counts now: the new one, or the void one.
#[tracing::instrument(name = "usecase.receipts.void", skip_all, fields(receipt.id = %command.receipt))]
pub(crate) async fn void(
    db: &Db,
    caller: &Caller,
    command: VoidReceipt,
    key: &IdempotencyKey,
) -> Result<ReceiptId, PayError> {
    if command.reason.trim().is_empty() {
        return Err(Invalid::new("reason", expected::filled()).into());
    }
    let found = Receipts(&db.read(caller.tenant()).await?).find(command.receipt).await?;
    let estate = found.ok_or(Denied::Hidden)?.estate;
    let right = caller.act(RECEIPT_VOID, PAYMENT_READ, estate)?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "void_receipt", key, &input, move |scope| {
        Box::pin(async move {
            let receipts = Receipts(scope);
            let old = receipts.lock(command.receipt).await?.ok_or(Denied::Hidden)?;
            not_the_taker(scope, &actor, old.source).await?;
            right.covers(old.amount)?;
            if old.voided.is_some() {
                return Err(PayError::Conflict(say::receipt_void()));
            }
            let reason = command.reason.trim().to_owned();
            let voided = Voided { at: scope.now(), by: actor.user(), reason: reason.clone() };
            receipts.void(old.id, &voided).await?;
            let fact = AuditFact {
                action: "receipt.voided",
                object: old.id.to_string(),
                estate: Some(estate),
                reason: Some(&reason),
                detail: &old.number,
            };
            audit(scope, &actor, fact).await?;
            if !command.reissue {
                return Ok(old.id);
            }
            let estate = estates::find(scope, estate).await?.ok_or(Denied::Hidden)?;
            let draft = Draft {
                kind: old.kind,
                account: old.account,
                source: old.source,
                payer: old.payer,
                lines: old.lines.into_iter().map(|line| (line.text, line.amount)).collect(),
                by: Some(actor.user()),
                replaces: Some(old.id),
            };
            Ok(issue(scope, &estate, draft).await?.id)
        })
    })
    .await
}

/// Who took the money does not void the proof of it (handbook Part 2 (b), separation of duties 1).
async fn not_the_taker(scope: &TenantScope, caller: &Caller, source: Uuid) -> Result<(), PayError> {
    let payment = Payments(scope).find(PaymentId::from_uuid(source)).await?;
    if payment.and_then(|payment| payment.taken_by) == Some(caller.user()) {
        return Err(Denied::SamePerson(say::taker_cannot_void()).into());
    }
    Ok(())
}
