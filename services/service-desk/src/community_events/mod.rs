//! Community events (社区文化活动): planned with a budget, approved by the director, announced, with
//! sign-up up to the capacity and a waiting list, check-in by e-ticket, expenses and a report
//! (handbook ch. 36).

mod act;
mod check_in;
mod domain;
mod event_graphql;
mod expense;
mod figures;
pub(crate) mod graphql;
mod input_graphql;
#[cfg(test)]
pub(crate) mod list_rows;
mod migrations;
mod notes;
mod plan;
mod repo;
mod reschedule;
mod say;
mod seen;
mod sign_up;
mod sign_up_repo;
mod tell;
#[cfg(test)]
pub(crate) mod tests;
mod ticket;
mod told_repo;
#[cfg(test)]
mod told_tests;

pub(crate) use domain::Details as PlannedEvent;
pub(crate) use migrations::{migration, told_migration};
pub(crate) use seen::seen;
pub(crate) use tell::job;

use authz::Permission;

ids::prefixed_id!(
    /// A community event (社区活动).
    CommunityEventId, "cev");
ids::prefixed_id!(
    /// Somebody's place at an event, or in its queue (活动报名).
    SignUpId, "ces");
ids::prefixed_id!(
    /// Money spent for an event (活动支出).
    ExpenseId, "cex");

/// See events; residents see those that are announced.
pub const EVENT_READ: Permission = Permission::new("community_event.read");
/// Plan events, announce them, note what they cost and report.
pub const EVENT_PLAN: Permission = Permission::new("community_event.plan");
/// Approve what somebody else proposed.
pub const EVENT_APPROVE: Permission = Permission::new("community_event.approve");
/// See who signed up, and check them in.
pub const EVENT_CHECK_IN: Permission = Permission::new("community_event.check_in");
/// Sign up, as a resident or for one, and give the place back.
pub const EVENT_SIGN_UP: Permission = Permission::new("community_event.sign_up");
