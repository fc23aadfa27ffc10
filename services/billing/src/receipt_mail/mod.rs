//! Receipts by e-mail, to whoever asked for it and until they no longer want it.

mod compose;
mod domain;
pub(crate) mod graphql;
mod migrations;
mod of_receipt;
mod queue;
mod repo;
mod sending;
mod set;
#[cfg(test)]
mod tests;

pub(crate) use compose::Sheet;
pub(crate) use domain::About;
pub(crate) use migrations::{migration, other_mails};
pub(crate) use of_receipt::OfReceipt;
pub(crate) use queue::{queue, wanted};
pub(crate) use repo::Mail;
pub(crate) use sending::{Written, sending};

use authz::Permission;

/// Ask for an account's receipts by e-mail, or stop them.
pub const RECEIPT_MAIL_MANAGE: Permission = Permission::new("receipt_mail.manage");
