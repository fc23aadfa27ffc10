//! Issuing a receipt.

use super::repo::{Line, Receipt, Receipts};
use crate::{
    charges::BillingMonth,
    estates::Estate,
    ids::{BillingAccountId, ReceiptId},
    payments::{PayError, ReceiptKind, ReceiptNumber},
    receipt_mail,
};
use authz::UserId;
use db::TenantScope;
use money::Fen;
use uuid::Uuid;

/// What a receipt shall say.
pub(crate) struct Draft {
    pub kind: ReceiptKind,
    pub account: BillingAccountId,
    /// The payment or refund.
    pub source: Uuid,
    pub payer: String,
    /// Text and amount of each line; together they are the receipt's amount.
    pub lines: Vec<(String, Fen)>,
    /// `None`: issued by itself when an online payment arrived.
    pub by: Option<UserId>,
    pub replaces: Option<ReceiptId>,
}

/// Issues the next receipt of the estate, type and month. Call it last: its number's row stays
/// locked until the transaction ends.
pub(crate) async fn issue(
    scope: &TenantScope,
    estate: &Estate,
    draft: Draft,
) -> Result<Receipt, PayError> {
    let mail = receipt_mail::wanted(scope, draft.account).await?;
    let month = BillingMonth::of(estate.today(scope.clock()))?;
    let counter = Receipts(scope).next(estate.id, draft.kind, month).await?;
    let last = counter.checked_sub(1);
    let number = ReceiptNumber::following(last, &estate.code, draft.kind, month)?;
    let receipt = Receipt {
        id: ReceiptId::from_uuid(scope.new_id()),
        estate: estate.id,
        account: draft.account,
        kind: draft.kind,
        month,
        counter,
        number: number.to_string(),
        source: draft.source,
        payer: draft.payer,
        amount: draft.lines.iter().map(|(_, amount)| *amount).sum(),
        currency: estate.currency,
        lines: draft.lines.into_iter().map(|(text, amount)| Line { text, amount }).collect(),
        issued_at: scope.now(),
        issued_by: draft.by,
        replaces: draft.replaces,
        voided: None,
    };
    Receipts(scope).insert(&receipt).await?;
    if let Some(to) = mail {
        receipt_mail::queue::<receipt_mail::OfReceipt>(scope, receipt.id.as_uuid(), to).await?;
    }
    Ok(receipt)
}
