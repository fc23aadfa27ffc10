//! How far a right reaches over accounts and cases.

use crate::{
    accounts::{self, BillingAccount},
    error::Refused,
    ids::BillingAccountId,
};
use authz::{Caller, Denied, EstateScope, Permission, PolicyStore, SubjectKind, UserId};
use db::TenantScope;
use uuid::Uuid;

/// Which rows of an estate a list may show.
#[derive(Clone, Debug, Default)]
pub(super) struct Reached {
    /// Only those of these buildings.
    pub zone: Option<Vec<Uuid>>,
    /// Only those of accounts of this person.
    pub party: Option<Uuid>,
}

impl Reached {
    pub fn of(permit: &EstateScope) -> Self {
        Self { zone: permit.zone().map(<[_]>::to_vec), party: permit.own_person() }
    }
}

/// An account that the caller may act upon, with the right to it; any other is hidden.
pub(super) async fn act_on(
    scope: &TenantScope,
    caller: &Caller,
    id: BillingAccountId,
    (permission, seen_by): (Permission, Permission),
) -> Result<(BillingAccount, EstateScope), Refused> {
    let account = accounts::find(scope, id).await?.ok_or(Denied::Hidden)?;
    let right = caller.act(permission, seen_by, account.estate)?;
    accounts::visible(&right, &account)?;
    Ok((account, right))
}

/// A colleague who may do something in an estate; whoever is none of the company's staff there is
/// hidden, as one that is not there.
pub(super) fn colleague(
    policy: &PolicyStore,
    right: &EstateScope,
    user: UserId,
    permission: Permission,
) -> Result<(), Denied> {
    let rights = policy.rights(right.tenant(), user.as_uuid(), SubjectKind::Staff);
    if rights.allows(permission.as_str(), Some(right.estate())) {
        Ok(())
    } else {
        Err(Denied::Hidden)
    }
}

/// An account that the caller may read of; any other is hidden.
pub(super) async fn read_of(
    scope: &TenantScope,
    caller: &Caller,
    id: BillingAccountId,
    permission: Permission,
) -> Result<BillingAccount, Refused> {
    let account = accounts::find(scope, id).await?.ok_or(Denied::Hidden)?;
    accounts::visible(&caller.read(permission, account.estate)?, &account)?;
    Ok(account)
}
