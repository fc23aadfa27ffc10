//! Contacts (来电来访): who turned to the estate by which way, what they wanted, who was asked first
//! and sees to it, and the answer or what became of it. Handbook ch. 21.

mod call_backs;
pub mod domain;
pub mod graphql;
mod handle;
#[cfg(test)]
mod later_tests;
mod link;
#[cfg(test)]
pub(crate) mod list_rows;
mod listing;
mod log;
mod migrations;
mod mutations_graphql;
mod nodes_graphql;
mod reading;
mod receipt;
mod recognise;
mod repo;
mod reveal;
mod say;
mod scripts;
#[cfg(test)]
pub(crate) mod tests;

pub use call_backs::graphql::{CallBackMutation, CallBackQuery};
pub use domain::{Class, Contact, Outcome};
pub(crate) use listing::Timeline;
pub(crate) use migrations::{
    migration, nameless as nameless_migration, scripts as scripts_migration,
    tries as tries_migration,
};
pub use mutations_graphql::ContactMutation;
pub(crate) use reading::{converted, seen};
pub(crate) use receipt::first_receipt;
pub use scripts::graphql::{ScriptMutation, ScriptQuery};

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
