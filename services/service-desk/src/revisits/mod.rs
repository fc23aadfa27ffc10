//! Revisits (回访): what was finished is asked about, in a share that a policy sets, drawn from a
//! seed that anybody can draw from again, and never by those who did it (handbook ch. 23).

mod candidates_repo;
mod draws;
pub mod figures;
mod finished;
pub mod graphql;
mod hands_repo;
#[cfg(test)]
pub(crate) mod list_rows;
mod migrations;
mod months_repo;
pub(crate) mod node_graphql;
mod policies;
pub(crate) mod say;
mod source;
mod tasks;
#[cfg(test)]
pub(crate) mod tests;
mod work_graphql;

pub use finished::finished;
pub(crate) use finished::{finished_discreetly, rate};
pub(crate) use migrations::{migration, secrets_migration, work_migration};
pub use source::{Finished, Source};
pub(crate) use tasks::{Rating, RevisitState, estate_seen as seen, state_of};

use authz::Permission;
use ids::prefixed_id;

/// See revisits, draws and policies; residents see those of their own.
pub const REVISIT_READ: Permission = Permission::new("revisit.read");
/// Call on a household and write down what it said.
pub const REVISIT_RECORD: Permission = Permission::new("revisit.record");
/// Answer the short form oneself, as a resident.
pub const REVISIT_REPLY: Permission = Permission::new("revisit.reply");
/// Set policies, draw months and review what others recorded.
pub const REVISIT_MANAGE: Permission = Permission::new("revisit.manage");

prefixed_id!(
    /// A revisit to be made or made.
    RevisitId, "rvt");
prefixed_id!(
    /// The draw of a month's revisits.
    RevisitDrawId, "rvd");

/// See the month's figures.
pub(crate) const DESK_FIGURES_READ: Permission = Permission::new("desk_figures.read");

/// The work that revisits do by the clock.
pub(crate) fn jobs(db: &db::Db) -> Vec<runtime::Job> {
    vec![draws::job::job(db.clone())]
}
