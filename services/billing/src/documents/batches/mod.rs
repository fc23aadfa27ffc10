//! Payment notices of many bills in one file: prepared in the background chunk by chunk, begun again
//! at any moment, given up by whoever may print.

pub(super) mod graphql;
mod job;
mod repo;
mod start;
#[cfg(test)]
mod tests;

pub(crate) use job::job;
pub(super) use repo::{Batch, BatchState, Filter, find, page};
pub(super) use start::{cancel, start};

use db::JobKind;

/// The work of one batch.
const BATCH: JobKind = JobKind("notice_batch");

/// A batch has at most so many notices: its file has to stay within what the store takes.
pub(super) const MOST: i64 = 5_000;
