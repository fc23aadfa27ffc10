//! Voiding a receipt: the original is kept, a new one may take its place.

use super::{
    RECEIPT_VOID,
    issue::{Draft, issue},
    repo::{Receipts, Voided},
};
use crate::{
    estates,
    ids::ReceiptId,
    payments::{PAYMENT_READ, PayError, keyed},
    say,
};
use authz::{AuditFact, Caller, Denied, audit};
use db::{Db, IdempotencyKey};
use errors::{Invalid, expected};
use serde::Serialize;

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
    caller.act(RECEIPT_VOID, PAYMENT_READ, estate)?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "void_receipt", key, &input, move |scope| {
        Box::pin(async move {
            let receipts = Receipts(scope);
            let old = receipts.lock(command.receipt).await?.ok_or(Denied::Hidden)?;
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
