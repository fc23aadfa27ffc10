//! Payments: taken at the counter or online, what they settle, and what becomes of them.

mod access;
mod begin;
mod channel;
#[cfg(test)]
mod counter_tests;
pub mod domain;
mod error;
mod follow_up;
mod from_bank;
mod graphql;
mod jobs;
mod learn;
mod migrations;
#[cfg(test)]
mod online_tests;
mod open_page;
mod pay_bills;
mod pay_deposit;
mod payment;
pub mod receipt;
pub mod refund;
mod repo;
pub(crate) mod settle;
mod take;
#[cfg(test)]
mod tests;

pub(crate) use access::covers;
pub(crate) use channel::Channel;
pub use domain::{Effect, Fact, PaymentError, PaymentState, PaymentStatus, apply};
pub use error::PayError;
pub(crate) use follow_up::{FOLLOW_UP, FollowUp, GRACE};
pub(crate) use from_bank::from_bank;
pub(crate) use graphql::{PaymentMutation, PaymentQuery, StatusKind, TillKind, visible};
pub(crate) use jobs::jobs;
pub(crate) use learn::learn_status;
pub(crate) use migrations::{late_fee_parts, migration};
pub(crate) use open_page::open_page;
pub(crate) use payment::{Online, Page, Payment, SavedCardPage};
pub use receipt::{ReceiptKind, ReceiptNumber};
pub use refund::{RefundError, RefundRequest};
pub(crate) use repo::{Part, Payments};
pub(crate) use settle::part_name;

use authz::Permission;

/// May see payments, receipts and refunds.
pub const PAYMENT_READ: Permission = Permission::new("payment.read");
/// May take money at the counter.
pub const PAYMENT_TAKE: Permission = Permission::new("payment.take");
/// May open a page on which a bill or a deposit is paid.
pub const PAYMENT_PAY_ONLINE: Permission = Permission::new("payment.pay_online");
