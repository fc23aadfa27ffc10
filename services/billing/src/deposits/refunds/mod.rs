//! Refunds of deposits: asked for by one person, approved by another, paid out by a third through
//! the channel the deposit came in by.

mod decide;
mod domain;
mod graphql;
mod online;
mod pay_out;
mod post;
mod repo;
mod request;

pub(super) use domain::RefundedDeposit;
#[cfg(test)]
pub(super) use domain::{PaidOut, RefundState};
pub(crate) use graphql::{DepositRefundMutation, DepositRefundNode};
pub(crate) use online::{Returned, not_returned, returned};
pub(crate) use pay_out::{Proof, pay};
pub(crate) use repo::DepositRefunds;
pub(crate) use request::{approved, reserved};

use super::{Deposit, access::may};
use crate::{ids::DepositRefundId, payments::PayError};
use authz::{Caller, Denied, EstateScope, Permission};
use db::TenantScope;

/// The refund with its deposit, and how far the caller may act on them.
async fn may_on(
    scope: &TenantScope,
    caller: &Caller,
    permission: Permission,
    id: DepositRefundId,
) -> Result<(RefundedDeposit, Deposit, EstateScope), PayError> {
    let refund = DepositRefunds(scope).find(id).await?.ok_or(Denied::Hidden)?;
    let (deposit, right) = may(scope, caller, permission, refund.deposit).await?;
    Ok((refund, deposit, right))
}
