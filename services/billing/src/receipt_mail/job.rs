//! Sending receipts.

use super::{
    compose::compose,
    mailer::Letter,
    queue::wanted,
    repo::{self, Mail},
    sending::{Kept, Progress},
};
use crate::{estates, ids::ReceiptId, receipts::Receipts};
use db::{JobKind, StorageError, TenantScope};
use uuid::Uuid;

/// The work of sending one receipt.
pub(super) const RECEIPT_MAIL: JobKind = JobKind("receipt_mail");

#[async_trait::async_trait]
impl Kept for Mail {
    const KIND: JobKind = RECEIPT_MAIL;

    async fn lock(scope: &TenantScope, id: Uuid) -> Result<Option<Self>, StorageError> {
        repo::lock(scope, ReceiptId::from_uuid(id)).await
    }

    async fn save(&self, scope: &TenantScope) -> Result<(), StorageError> {
        repo::put(scope, self).await
    }

    /// Nothing when the receipt was voided or mail is no longer wanted.
    async fn letter(&self, scope: &TenantScope) -> Result<Option<Letter>, StorageError> {
        if wanted(scope, self.account).await?.is_none() {
            return Ok(None);
        }
        let receipt = Receipts(scope).find(self.receipt).await?;
        let Some(receipt) = receipt.filter(|receipt| receipt.voided.is_none()) else {
            return Ok(None);
        };
        let estate = estates::find(scope, receipt.estate).await?;
        Ok(estate.map(|estate| compose(self, &receipt, &estate)))
    }

    fn progress(&mut self) -> &mut Progress {
        &mut self.progress
    }
}
