//! 收据, 押金收据 or 退款凭证, as their row was issued.

use super::{Wish, channel, reads_payments};
use crate::{
    accounts,
    documents::{
        domain::{Document, DocumentKind},
        download::Handed,
        issue::{self, Draft},
        print::{Head, ReceiptPaper, ReceiptTitle},
    },
    error::Refused,
    ids::{PaymentId, ReceiptId},
    payments::{Payments, ReceiptKind},
    receipts::Receipts,
};
use authz::Denied;
use db::TenantScope;
use money::Currency;
use uuid::Uuid;

/// A receipt as its row was issued; void ones carry the mark.
pub(in crate::documents) async fn receipt(
    wish: &Wish<'_>,
    id: ReceiptId,
) -> Result<(Document, Handed), Refused> {
    let scope = wish.db.write(wish.caller.tenant()).await?;
    let receipt = Receipts(&scope).find(id).await?.ok_or(Denied::Hidden)?;
    let account = accounts::find(&scope, receipt.account).await?.ok_or(Denied::Hidden)?;
    reads_payments(wish.caller, &account)?;
    let whose = wish.whose(&scope, &account).await?;
    let draft = Draft {
        subject: id.as_uuid(),
        account: Some(receipt.account),
        amount: receipt.amount,
        number: Some(receipt.number.clone()),
    };
    let kind = (DocumentKind::Receipt, "");
    let document = issue::document(&scope, &whose.estate, kind, draft, wish.caller).await?;
    let replaces = match receipt.replaces {
        Some(old) => Receipts(&scope).find(old).await?.map(|old| old.number),
        None => None,
    };
    let head = issue::head(&document, &whose.estate, wish.site(), receipt.voided.is_some());
    // The receipt was issued when its row was, by whoever took the money.
    let issued_at = receipt.issued_at.with_timezone(&whose.estate.zone).naive_local();
    let head = Head { issued_at, issuer: receipt.issued_by.map(issue::operator), ..head };
    let (title, method) = match receipt.kind {
        ReceiptKind::Payment => {
            let payment = Payments(&scope).find(PaymentId::from_uuid(receipt.source)).await?;
            (ReceiptTitle::Payment, payment.map(|payment| channel(payment.till)))
        }
        ReceiptKind::Deposit => (ReceiptTitle::Deposit, None),
        ReceiptKind::Refund => (ReceiptTitle::Refund, None),
    };
    let paper = ReceiptPaper {
        head,
        title,
        payer: receipt.payer,
        unit: whose.unit,
        method,
        lines: receipt.lines.into_iter().map(|line| (line.text, line.amount)).collect(),
        total: receipt.amount,
        replaces,
        void_reason: receipt.voided.map(|voided| voided.reason),
        capitals: receipt.currency == Currency::CNY,
    };
    scope.commit().await?;
    wish.hand_out(document, &paper).await
}

/// Whether the document does not count any more: the receipt was voided.
pub(super) async fn is_void(scope: &TenantScope, subject: Uuid) -> Result<bool, Refused> {
    let receipt = Receipts(scope).find(ReceiptId::from_uuid(subject)).await?;
    Ok(receipt.is_none_or(|receipt| receipt.voided.is_some()))
}
