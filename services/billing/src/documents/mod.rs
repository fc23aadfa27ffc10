//! Documents on paper (handbook Part 2 (e)): numbered, verifiable by anybody who holds one, handed
//! out by links that end soon.
//!
//! Who may read an object may have its document. The first document of an object gets a number and
//! a code, which all later copies of it, in either language, carry too.

mod batches;
mod domain;
mod download;
mod graphql;
mod issue;
mod kinds;
mod migrations;
mod notices;
pub mod print;
mod repo;
#[cfg(test)]
pub(crate) mod tests;
mod verify;

pub(crate) use batches::job;
pub(crate) use download::{Shelf, routes as file_routes};
pub(crate) use graphql::{DocumentMutation, DocumentQuery};
pub(crate) use migrations::{migration, more_kinds};
pub(crate) use verify::routes as verify_routes;

use authz::Permission;

/// May have the payment notices of many accounts in one file.
pub const NOTICE_PRINT: Permission = Permission::new("notice.print");
