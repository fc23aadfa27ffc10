//! Messages to residents (与客户沟通): a letter goes into the person's inbox in the app and, as they
//! want it, by e-mail and SMS; each delivery is recorded, tried again and kept out of the night.

mod address;
pub mod delivery;
pub mod domain;
mod dunning;
pub mod graphql;
pub mod inbox;
#[cfg(test)]
pub(crate) mod list_rows;
mod migrations;
mod post;
pub mod preferences;
pub mod quiet;
pub(crate) mod say;
pub mod templates;
#[cfg(test)]
pub(crate) mod tests;
mod withdraw;

pub use domain::{Channel, MessageKind, Words};
pub(crate) use dunning::subscription;
pub(crate) use migrations::{migration, withdrawn_migration};
pub use post::{Letter, Written, post, post_all};
pub(crate) use withdraw::withdraw;

use authz::Permission;
use db::StorageError;

/// See which messages were delivered, and when nobody is disturbed.
pub const MESSAGE_READ: Permission = Permission::new("message.read");
/// See the templates of messages.
pub const TEMPLATE_READ: Permission = Permission::new("message_template.read");
/// Write templates of messages, and say when nobody is disturbed.
pub const TEMPLATE_MANAGE: Permission = Permission::new("message_template.manage");
/// Read one's own messages, and say how one wants them.
pub const INBOX_READ: Permission = Permission::new("inbox.read");

/// Whether a first version was written, or somebody else was first.
fn first(written: Result<(), StorageError>) -> Result<bool, StorageError> {
    match written {
        Err(error) if error.is_unique_violation() => Ok(false),
        written => written.map(|()| true),
    }
}

ids::prefixed_id!(
    /// A letter in somebody's inbox.
    LetterId, "ltr");
ids::prefixed_id!(
    /// The way of one letter to one address.
    DeliveryId, "dlv");
