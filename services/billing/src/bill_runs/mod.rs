//! Bill runs: previewed, done in the background, begun again at any moment, harmless when repeated.

mod domain;
mod doubt_graphql;
mod explain;
pub(crate) mod graphql;
mod job;
mod metered;
mod migrations;
pub(crate) mod plan;
mod preview;
mod repo;
mod start;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use domain::sift;
pub use domain::{Doubt, Planned, Reason, Site, SitePayer, Standing, Taken};
pub(crate) use job::job;
pub(crate) use migrations::migration;
pub(crate) use repo::find;
pub use repo::{BillRun, RunState};

use authz::Permission;
use db::JobKind;

/// See what a run would charge.
pub const BILL_RUN_PREVIEW: Permission = Permission::new("bill_run.preview");
/// Start a run.
pub const BILL_RUN_START: Permission = Permission::new("bill_run.start");

/// The work of one run.
const RUN: JobKind = JobKind("bill_run");
