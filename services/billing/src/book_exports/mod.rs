//! The books as files: the journal for accounting systems, and the reports of a month.

pub mod domain;
pub(crate) mod graphql;
mod job;
mod migrations;
mod repo;
mod reports_file;
mod start;
#[cfg(test)]
mod tests;
mod vouchers;

pub use domain::{BookExport, BookFormat, BookKind, ExportState};
pub(crate) use job::{EXPORT, job};
pub(crate) use migrations::migration;
pub(crate) use start::{Start, start};

use authz::Permission;

/// Export the books.
pub const BOOKS_EXPORT: Permission = Permission::new("books.export");
