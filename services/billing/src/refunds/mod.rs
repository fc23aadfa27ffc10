//! Refunds: asked for by one person, approved by another, paid back through the payment's channel.

mod decide;
mod follow_up;
mod graphql;
mod migrations;
mod of_deposit;
mod pay_back;
mod post;
mod repo;
mod request;
mod sources;
mod take_back;
#[cfg(test)]
mod tests;

pub(crate) use follow_up::{FollowUpRefund, REFUND, follow_up_all};
pub(crate) use graphql::{RefundMutation, RefundNode, RefundQuery};
pub(crate) use migrations::migration;
pub(crate) use of_deposit::{OfDeposit, has_failed, send};
pub(crate) use post::take_in_outside;
pub(crate) use repo::Refunds;
#[cfg(test)]
pub(crate) use sources::sources;
pub(crate) use take_back::take_back;

use authz::Permission;

/// May ask for a refund.
pub const REFUND_REQUEST: Permission = Permission::new("refund.request");
/// May approve or reject a refund, up to a limit.
pub const REFUND_APPROVE: Permission = Permission::new("refund.approve");
