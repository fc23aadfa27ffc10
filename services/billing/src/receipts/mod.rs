//! Receipts: numbered without gaps per estate, type and month; never changed, only voided.

mod graphql;
mod issue;
mod migrations;
mod repo;
mod void;
mod words;

pub(crate) use graphql::KindOfReceipt;
pub(crate) use graphql::{ReceiptMutation, ReceiptNode, ReceiptQuery};
pub(crate) use issue::{Draft, issue};
pub(crate) use migrations::migration;
pub(crate) use repo::{Receipt, Receipts};
pub use words::in_words;

use authz::Permission;

/// May void a receipt.
pub const RECEIPT_VOID: Permission = Permission::new("receipt.void");
