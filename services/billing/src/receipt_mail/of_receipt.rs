//! The mail of a receipt.

use super::{compose::compose, domain::About, repo::Mail, sending::Written};
use crate::{estates, ids::ReceiptId, receipts::Receipts};
use db::{JobKind, StorageError, TenantScope};
use mail::Letter;

/// Mails of receipts.
pub(crate) struct OfReceipt;

#[async_trait::async_trait]
impl Written for OfReceipt {
    const JOB: JobKind = JobKind("receipt_mail");
    const ABOUT: About = About::Receipt;

    /// Nothing when the receipt was voided.
    async fn letter(scope: &TenantScope, mail: &Mail) -> Result<Option<Letter>, StorageError> {
        let receipt = Receipts(scope).find(ReceiptId::from_uuid(mail.subject)).await?;
        let Some(receipt) = receipt.filter(|receipt| receipt.voided.is_none()) else {
            return Ok(None);
        };
        let estate = estates::find(scope, receipt.estate).await?;
        Ok(estate.map(|estate| compose(mail, &receipt, &estate)))
    }
}
