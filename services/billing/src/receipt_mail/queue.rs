//! A new receipt asks for its mail, in the transaction that issues it.

use super::{
    job::RECEIPT_MAIL,
    repo::{self, Address, Mail},
    sending::Progress,
};
use crate::ids::{BillingAccountId, ReceiptId};
use db::{StorageError, TenantScope, enqueue_job};

/// Where the receipts of an account go, if somebody wants them by e-mail.
pub(crate) async fn wanted(
    scope: &TenantScope,
    account: BillingAccountId,
) -> Result<Option<Address>, StorageError> {
    Ok(repo::address(scope, account).await?.filter(|address| address.stopped_at.is_none()))
}

/// Has a receipt sent there.
pub(crate) async fn queue(
    scope: &TenantScope,
    receipt: ReceiptId,
    to: Address,
) -> Result<(), StorageError> {
    let mail = Mail {
        receipt,
        account: to.account,
        address: to.email,
        language: to.language,
        queued_at: scope.now(),
        progress: Progress::waiting(),
    };
    repo::put(scope, &mail).await?;
    enqueue_job(scope, RECEIPT_MAIL, receipt.as_uuid()).await
}
