//! Contacts (来电来访): who turned to the estate by which way, what they wanted, who was asked first
//! and sees to it, and the answer or what became of it. Handbook ch. 21.

pub mod domain;
mod migrations;
mod reading;
mod repo;
mod say;

pub use domain::{Contact, Outcome};
pub(crate) use migrations::{migration, scripts as scripts_migration};
pub(crate) use reading::{converted, seen};

use authz::Permission;

ids::prefixed_id!(
    /// A contact (来电来访).
    ContactId, "cnt");
ids::prefixed_id!(
    /// A call to be returned (回拨).
    CallBackId, "cbk");

/// See contacts.
pub const CONTACT_READ: Permission = Permission::new("contact.read");
/// Record a contact.
pub const CONTACT_RECORD: Permission = Permission::new("contact.record");
/// Answer, hand over and decide contacts.
pub const CONTACT_HANDLE: Permission = Permission::new("contact.handle");
