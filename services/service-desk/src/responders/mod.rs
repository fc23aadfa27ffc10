//! Responders (应答人员): who of the staff takes work in an estate, with what skills, in which
//! buildings, and whether they are on duty now. Assignment and escalation read it.

pub mod domain;
pub mod graphql;
mod migrations;
pub mod repo;
mod save;
#[cfg(test)]
mod tests;

pub use domain::{Level, Responder};
pub(crate) use migrations::migration;

use authz::Permission;

/// See who takes work, and go on and off duty oneself.
pub const RESPONDER_READ: Permission = Permission::new("responder.read");
/// Say who takes work, and set the duty of others.
pub const RESPONDER_MANAGE: Permission = Permission::new("responder.manage");
