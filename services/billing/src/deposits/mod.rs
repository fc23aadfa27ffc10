//! Deposits (押金): taken against a receipt, kept apart from income, deducted only with notice and a
//! second person, and given back to the last fen through the channel they came by.

mod access;
mod acts;
mod books_repo;
mod deductions;
mod domain;
mod events;
mod graphql;
mod migrations;
mod movements;
mod refunds;
mod repo;
mod tell;
#[cfg(test)]
mod tests;

pub(crate) use acts::{BroughtIn, DepositMutation, awaited, bring_in, hold, kind_name, send_back};
pub(crate) use books_repo::held_and_booked;
pub(crate) use deductions::DeductionMutation;
#[cfg(test)]
pub(crate) use deductions::domain::last_day_to_appeal;
pub(crate) use domain::Deposit;
pub(crate) use events::subscriptions;
pub(crate) use graphql::DepositQuery;
pub(crate) use migrations::{migration, online_migration, openings_migration};
pub(crate) use refunds::{
    DepositRefundMutation, Proof, Returned, approved, not_returned, pay, reserved, returned,
};
pub(crate) use repo::Deposits;

use authz::Permission;

/// See deposits, their deductions and refunds.
pub const DEPOSIT_READ: Permission = Permission::new("deposit.read");
/// Ask for deposits, deductions and refunds of deposits.
pub const DEPOSIT_PROPOSE: Permission = Permission::new("deposit.propose");
/// Take a deposit at the counter.
pub const DEPOSIT_TAKE: Permission = Permission::new("deposit.take");
/// Decide deductions, appeals and refunds, up to a limit.
pub const DEPOSIT_APPROVE: Permission = Permission::new("deposit.approve");
/// Pay an approved refund of a deposit out.
pub const DEPOSIT_PAY_OUT: Permission = Permission::new("deposit.pay_out");
/// Appeal against a deduction from one's own deposit; the desk takes an appeal down for its payer.
pub const DEPOSIT_APPEAL: Permission = Permission::new("deposit.appeal");
