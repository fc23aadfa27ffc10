//! How far a right reaches over deposits.

use super::{DEPOSIT_READ, Deposit, Deposits};
use crate::{
    accounts::{self, BillingAccount},
    ids::DepositId,
    payments::{PayError, covers},
};
use authz::{Caller, Denied, EstateScope, Permission};
use db::TenantScope;
use errors::{Invalid, expected};

/// The deposit, and how far the caller may act on it.
pub(super) async fn may(
    scope: &TenantScope,
    caller: &Caller,
    permission: Permission,
    id: DepositId,
) -> Result<(Deposit, EstateScope), PayError> {
    let deposit = Deposits(scope).find(id).await?.ok_or(Denied::Hidden)?;
    let right = caller.act(permission, DEPOSIT_READ, deposit.estate)?;
    let account = accounts::find(scope, deposit.account).await?.ok_or(Denied::Hidden)?;
    if covers(&right, &account) { Ok((deposit, right)) } else { Err(Denied::Hidden.into()) }
}

/// Refuses who may not see the deposit.
pub(super) async fn visible(
    scope: &TenantScope,
    caller: &Caller,
    deposit: &Deposit,
) -> Result<(), PayError> {
    let right = caller.read(DEPOSIT_READ, deposit.estate)?;
    let account = accounts::find(scope, deposit.account).await?.ok_or(Denied::Hidden)?;
    if covers(&right, &account) { Ok(()) } else { Err(Denied::Hidden.into()) }
}

/// The deposit and its account, both held until the transaction ends.
pub(super) async fn lock(
    scope: &TenantScope,
    deposit: &Deposit,
) -> Result<(BillingAccount, Deposit), PayError> {
    let account = accounts::lock(scope, deposit.account).await?.ok_or(Denied::Hidden)?;
    let deposit = Deposits(scope).lock(deposit.id).await?.ok_or(Denied::Hidden)?;
    Ok((account, deposit))
}

/// A text of 1 to `longest` characters, trimmed.
pub(super) fn checked(field: &str, text: &str, longest: usize) -> Result<String, Invalid> {
    let text = text.trim();
    if (1..=longest).contains(&text.chars().count()) {
        Ok(text.to_owned())
    } else {
        Err(Invalid::new(field, expected::length(1, longest)))
    }
}
