//! Whether prepayment meets bills by itself.

use super::{AUTO_PAY_MANAGE, repo};
use crate::{
    accounts::{self, ACCOUNT_READ, BillingAccount},
    ids::BillingAccountId,
    payments::{PayError, covers},
};
use authz::{AuditFact, Caller, Denied};
use db::{Db, TenantScope};

/// The account, held until the transaction ends, if the caller may set how it is paid.
pub(super) async fn permitted(
    scope: &TenantScope,
    caller: &Caller,
    account: BillingAccountId,
) -> Result<BillingAccount, PayError> {
    let account = accounts::lock(scope, account).await?.ok_or(Denied::Hidden)?;
    let right = caller.act(AUTO_PAY_MANAGE, ACCOUNT_READ, account.estate)?;
    if covers(&right, &account) { Ok(account) } else { Err(Denied::Hidden.into()) }
}

/// Sets whether the prepayment of an account meets its bills when they are issued.
#[tracing::instrument(name = "usecase.auto_pay.set_from_prepayment", skip_all, fields(account.id = %account))]
pub(super) async fn set_from_prepayment(
    db: &Db,
    caller: &Caller,
    account: BillingAccountId,
    wanted: bool,
) -> Result<(), PayError> {
    let scope = db.write(caller.tenant()).await?;
    let account = permitted(&scope, caller, account).await?;
    repo::set_from_prepayment(&scope, account.id, wanted, caller.user()).await?;
    let fact = AuditFact {
        action: "auto_pay.prepayment_set",
        object: account.id.to_string(),
        estate: Some(account.estate),
        reason: None,
        detail: wanted,
    };
    authz::audit(&scope, caller, fact).await?;
    Ok(scope.commit().await?)
}
