//! Attachments (附件): photos and files of a contact and of what others register in [`parents`].
//! A file is uploaded, looked at by its content, scanned for viruses where a scanner is configured,
//! and handed out by links of ten minutes to whoever may see what it is attached to.

mod attach;
pub mod domain;
mod files_repo;
pub mod graphql;
mod http;
mod job;
mod left;
#[cfg(test)]
mod left_tests;
#[cfg(test)]
pub(crate) mod list_rows;
mod listing;
mod migrations;
mod parents;
#[cfg(test)]
mod parents_tests;
mod repo;
mod say;
mod scanner;
#[cfg(test)]
pub(crate) mod tests;
mod thumbnail;

pub(crate) use self::http::routes;
pub(crate) use attach::seen;
pub use domain::{Attachment, FileState, Stage};
pub(crate) use job::job;
pub(crate) use left::job as left_job;
pub(crate) use listing::is_signature;
pub(crate) use migrations::{care_migration, migration};
pub use parents::Parent;
pub use scanner::{HttpScan, NoScan, ScanError, Scanner, Verdict, configured};

ids::prefixed_id!(
    /// A file attached to something (附件).
    AttachmentId, "att");
