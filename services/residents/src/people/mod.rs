//! People: names, sealed phones and identity numbers, shown masked.

mod domain;
pub mod graphql;
mod migrations;
pub mod repo;
mod reveal;
mod write;

pub use domain::{PartyKind, Person};
pub use migrations::migration;
pub use personal::{CompanyKey, Keyring, digits, mask_identity, mask_name, mask_phone};
pub use reveal::{Field, reveal};
pub use write::{NewPerson, add_person, own_code, update_person, visible_people};

use authz::Permission;

/// See people, masked.
pub const PERSON_READ: Permission = Permission::new("person.read");
/// Register and change people.
pub const PERSON_MANAGE: Permission = Permission::new("person.manage");
/// See names and phones whole.
pub const REVEAL_PHONE: Permission = Permission::new("person.reveal_phone");
/// See identity numbers whole.
pub const REVEAL_IDENTITY: Permission = Permission::new("person.reveal_identity");
