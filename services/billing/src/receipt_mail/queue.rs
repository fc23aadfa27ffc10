//! Asking for a mail, in the transaction of what it is about.

use super::{
    repo::{self, Address, Mail},
    sending::{Progress, Written},
};
use crate::ids::BillingAccountId;
use db::{StorageError, TenantScope, enqueue_job};
use uuid::Uuid;

/// Where the receipts of an account go, if somebody wants them by e-mail.
pub(crate) async fn wanted(
    scope: &TenantScope,
    account: BillingAccountId,
) -> Result<Option<Address>, StorageError> {
    Ok(repo::address(scope, account).await?.filter(|address| address.stopped_at.is_none()))
}

/// Has a mail about something sent there, unless there is one.
pub(crate) async fn queue<W: Written>(
    scope: &TenantScope,
    subject: Uuid,
    to: Address,
) -> Result<(), StorageError> {
    if repo::lock(scope, subject).await?.is_some() {
        return Ok(());
    }
    let mail = Mail {
        about: W::ABOUT,
        subject,
        account: to.account,
        address: to.email,
        language: to.language,
        queued_at: scope.now(),
        progress: Progress::waiting(),
    };
    repo::put(scope, &mail).await?;
    enqueue_job(scope, W::JOB, subject).await
}
