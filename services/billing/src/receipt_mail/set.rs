//! Asking for receipts by e-mail, and stopping them.

use super::{
    RECEIPT_MAIL_MANAGE,
    domain::{MailLanguage, checked_address},
    repo::{self, Address},
};
use crate::{
    accounts::{self, ACCOUNT_READ},
    error::Refused,
    ids::BillingAccountId,
    payments::covers,
};
use authz::{AuditFact, Caller, Denied};
use db::{Db, TenantScope};
use ids::EstateId;
use mail::shown_address;

/// Has the receipts of an account sent to an address from now on.
#[tracing::instrument(name = "usecase.receipt_mail.set", skip_all, fields(account.id = %account))]
pub(crate) async fn set(
    db: &Db,
    caller: &Caller,
    account: BillingAccountId,
    address: &str,
    language: MailLanguage,
) -> Result<Address, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let estate = permitted(&scope, caller, account).await?;
    let wanted = Address {
        account,
        email: checked_address(address)?,
        language,
        set_by: caller.user(),
        set_at: scope.now(),
        stopped_at: None,
    };
    repo::put_address(&scope, &wanted).await?;
    record(&scope, caller, "receipt_mail.asked_for", estate, &wanted).await?;
    scope.commit().await?;
    Ok(wanted)
}

/// Stops the mails of an account; those that wait are not sent any more.
#[tracing::instrument(name = "usecase.receipt_mail.stop", skip_all, fields(account.id = %account))]
pub(crate) async fn stop(
    db: &Db,
    caller: &Caller,
    account: BillingAccountId,
) -> Result<Option<Address>, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let estate = permitted(&scope, caller, account).await?;
    let Some(mut address) = repo::address(&scope, account).await? else { return Ok(None) };
    if address.stopped_at.is_none() {
        address.stopped_at = Some(scope.now());
        repo::put_address(&scope, &address).await?;
        record(&scope, caller, "receipt_mail.stopped", estate, &address).await?;
        scope.commit().await?;
    }
    Ok(Some(address))
}

async fn permitted(
    scope: &TenantScope,
    caller: &Caller,
    account: BillingAccountId,
) -> Result<EstateId, Refused> {
    let account = accounts::lock(scope, account).await?.ok_or(Denied::Hidden)?;
    let right = caller.act(RECEIPT_MAIL_MANAGE, ACCOUNT_READ, account.estate)?;
    if covers(&right, &account) { Ok(account.estate) } else { Err(Denied::Hidden.into()) }
}

async fn record(
    scope: &TenantScope,
    caller: &Caller,
    action: &'static str,
    estate: EstateId,
    address: &Address,
) -> Result<(), Refused> {
    let fact = AuditFact {
        action,
        object: address.account.to_string(),
        estate: Some(estate),
        reason: None,
        detail: shown_address(&address.email),
    };
    Ok(authz::audit(scope, caller, fact).await?)
}
