//! Deductions: proposed with a reason and its proof, told to the payer, open to an appeal for five
//! days, and confirmed by a second person.

mod appeal;
mod decide;
pub(super) mod domain;
mod graphql;
mod notify;
mod propose;
mod repo;

pub(crate) use graphql::{DeductionMutation, DeductionNode};
pub(super) use repo::Deductions;

use super::{Deposit, access::may};
use crate::{ids::DeductionId, payments::PayError};
use authz::{Caller, Denied, EstateScope, Permission};
use db::TenantScope;
use domain::Deduction;

/// The deduction with its deposit, and how far the caller may act on them.
async fn may_on(
    scope: &TenantScope,
    caller: &Caller,
    permission: Permission,
    id: DeductionId,
) -> Result<(Deduction, Deposit, EstateScope), PayError> {
    let deduction = Deductions(scope).find(id).await?.ok_or(Denied::Hidden)?;
    let (deposit, right) = may(scope, caller, permission, deduction.deposit).await?;
    Ok((deduction, deposit, right))
}
