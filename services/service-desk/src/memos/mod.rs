//! Contact sheets (内部信息传递单) between posts: who got one says so within two hours and answers
//! within a day, and the sender confirms that it is done (handbook ch. 25).

mod domain;
pub mod graphql;
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

pub(crate) use migrations::migration;
pub(crate) use seen::seen;

use authz::Permission;

/// See contact sheets.
pub const MEMO_READ: Permission = Permission::new("memo.read");
/// Send contact sheets, receive and answer those to oneself, confirm one's own.
pub const MEMO_WRITE: Permission = Permission::new("memo.write");

ids::prefixed_id!(
    /// A contact sheet.
    MemoId, "mem");
