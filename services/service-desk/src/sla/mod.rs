//! Promises of time (时限): response and resolution clocks of work orders, complaints, call-backs and
//! memos on the estate's calendar, and who is told when one is in danger.

mod acknowledge;
mod calendars;
pub mod domain;
mod escalate;
mod escalations_repo;
pub mod graphql;
#[cfg(test)]
pub(crate) mod list_rows;
mod migrations;
mod nodes_graphql;
mod policies;
mod repo;
mod say;
mod settings_repo;
#[cfg(test)]
pub(crate) mod tests;
mod timer;
mod watch;

pub(crate) use calendars::calendar;
pub use domain::SubjectKind;
pub(crate) use escalate::nobody_suits;
pub(crate) use migrations::migration;
pub use repo::SlaState;
pub(crate) use repo::overdue;
pub(crate) use timer::job;
pub use watch::{
    Times, assigned, cancelled, extended, pause, reopened, resolved, responded, resume, revised,
    start, states, times, waits_until,
};

use authz::Permission;
use uuid::Uuid;

/// See promises, calendars and escalations.
pub const SLA_READ: Permission = Permission::new("sla.read");
/// Decide what is promised, and when the centre works.
pub const SLA_MANAGE: Permission = Permission::new("sla.manage");

ids::prefixed_id!(
    /// The clock of one ticket.
    ClockId, "slc");
ids::prefixed_id!(
    /// One version of what is promised.
    PolicyId, "slp");
ids::prefixed_id!(
    /// One step of an escalation that was reached.
    EscalationId, "sle");

/// What runs against a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// Its kind.
    pub kind: SubjectKind,
    /// Its row.
    pub id: Uuid,
}

impl Subject {
    /// A ticket of a kind.
    pub const fn new(kind: SubjectKind, id: Uuid) -> Self {
        Self { kind, id }
    }
}
