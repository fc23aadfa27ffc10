//! Contact sheets (内部信息传递单) between posts: who got one says so within two hours and answers
//! within a day, and the sender confirms that it is done. They are seen by those whom they
//! concern (handbook ch. 25).

mod addressees_repo;
mod clock;
mod domain;
pub mod graphql;
mod hand_on;
#[cfg(test)]
pub(crate) mod list_rows;
mod migrations;
mod moves;
mod repo;
mod say;
mod seen;
mod send;
#[cfg(test)]
pub(crate) mod tests;
mod withdraw;

pub(crate) use migrations::{addressees_migration, migration};
pub(crate) use seen::seen;

use authz::Permission;

/// See the contact sheets that one sent or got.
pub const MEMO_READ: Permission = Permission::new("memo.read");
/// Send contact sheets, receive and answer those to oneself, confirm one's own.
pub const MEMO_WRITE: Permission = Permission::new("memo.write");
/// See every contact sheet of the estate, hand on what lies, and confirm or take back for a sender who
/// has left.
pub const MEMO_SUPERVISE: Permission = Permission::new("memo.supervise");

ids::prefixed_id!(
    /// A contact sheet.
    MemoId, "mem");
