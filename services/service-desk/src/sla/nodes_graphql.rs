//! Promises of time as the graph shows them.

use super::{
    SlaState, SubjectKind,
    domain::{Counting, Measure, Target},
};
use crate::graphql::Colleague;
use async_graphql::{Enum, ID, InputObject, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};

/// What runs against the clock.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "SubjectKind")]
pub enum SlaSubjectKind {
    /// A work order.
    WorkOrder,
    /// A complaint.
    Complaint,
    /// A missed call to call back.
    CallBack,
    /// An internal memo.
    Memo,
}

/// Which of the promises.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Measure")]
pub enum SlaMeasure {
    /// The first answer.
    Response,
    /// The end of the matter.
    Resolution,
    /// Somebody to do it: nobody suitable was found.
    Assignment,
}

/// Whom a step tells.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Target")]
pub enum SlaTarget {
    /// Whoever has it.
    Assignee,
    /// The supervisors of the estate.
    Supervisor,
    /// The directors of the estate.
    Director,
}

/// What time counts.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Counting")]
pub enum SlaClock {
    /// Office hours of the estate's calendar.
    Office,
    /// All time.
    Calendar,
}

/// Where a ticket stands with what was promised.
#[derive(Clone, SimpleObject)]
#[graphql(name = "SlaState")]
pub struct SlaStateNode {
    /// The last instant of a timely first answer; nothing while the clock stands.
    pub(super) respond_by: Option<DateTime<Utc>>,
    /// When it was first answered.
    pub(super) responded_at: Option<DateTime<Utc>>,
    /// The last instant of a timely end; nothing while the clock stands.
    pub(super) resolve_by: Option<DateTime<Utc>>,
    /// When it ended.
    pub(super) resolved_at: Option<DateTime<Utc>>,
    /// Whether the first answer was in time; nothing while it may still be.
    pub(super) response_met: Option<bool>,
    /// Whether the end was in time; nothing while it may still be.
    pub(super) resolution_met: Option<bool>,
    /// Since when the clock stands.
    pub(super) paused_since: Option<DateTime<Utc>>,
    /// Why the clock stands.
    pub(super) pause_reason: Option<String>,
    /// When somebody is told next.
    pub(super) next_escalation_at: Option<DateTime<Utc>>,
    /// The highest share of the time to the end, in per cent, of which somebody was told.
    pub(super) warned_percent: i32,
}

impl From<SlaState> for SlaStateNode {
    fn from(state: SlaState) -> Self {
        Self {
            respond_by: state.respond_by,
            responded_at: state.responded_at,
            resolve_by: state.resolve_by,
            resolved_at: state.resolved_at,
            response_met: state.response_met,
            resolution_met: state.resolution_met,
            paused_since: state.paused_since,
            pause_reason: state.pause_reason,
            next_escalation_at: state.next_escalation,
            warned_percent: state.warned,
        }
    }
}

/// One step of an escalation: at this share of the promised time somebody is told.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(name = "SlaStep", input_name = "SlaStepInput")]
pub struct SlaStepNode {
    /// Of which promise.
    pub(super) measure: SlaMeasure,
    /// Per cent of the promised time, 1 to 1000; below 100 it is a warning.
    pub(super) percent: i32,
    /// Whom it tells.
    pub(super) target: SlaTarget,
}

/// One version of what is promised.
#[derive(Clone, SimpleObject)]
#[graphql(name = "SlaPolicy")]
pub struct SlaPolicyNode {
    /// Its id, `slp_…`.
    pub(super) id: ID,
    /// The estate, `est_…`; nothing for the whole company.
    pub(super) estate_id: Option<ID>,
    /// Of what.
    pub(super) kind: SlaSubjectKind,
    /// Of which class, grade or urgency; nothing for all that have none of their own.
    pub(super) code: Option<String>,
    /// The first day on which tickets get it.
    pub(super) effective_from: NaiveDate,
    /// Minutes to the first answer.
    pub(super) response_minutes: u32,
    /// Minutes to the first answer of what comes in at night.
    pub(super) night_response_minutes: Option<u32>,
    /// Minutes to the end.
    pub(super) resolution_minutes: u32,
    /// What time counts.
    pub(super) clock: SlaClock,
    /// Who is told when.
    pub(super) steps: Vec<SlaStepNode>,
    /// Who decided.
    pub(super) saved_by: Colleague,
    /// When.
    pub(super) saved_at: DateTime<Utc>,
}

/// A stretch of office hours.
#[derive(Clone, SimpleObject, InputObject)]
#[graphql(name = "OfficeHours", input_name = "OfficeHoursInput")]
pub struct OfficeHoursNode {
    /// The day of the week, 1 for Monday to 7 for Sunday.
    pub(super) weekday: i32,
    /// From when, e.g. `08:30`.
    pub(super) from: String,
    /// Until when, e.g. `11:30`, at most `24:00`.
    pub(super) to: String,
}

/// When an estate's centre works.
#[derive(Clone, SimpleObject)]
#[graphql(name = "EstateCalendar")]
pub struct EstateCalendarNode {
    /// The estate, `est_…`.
    pub(super) estate_id: ID,
    /// Its time zone.
    pub(super) time_zone: String,
    /// Office hours, by day and time.
    pub(super) office_hours: Vec<OfficeHoursNode>,
    /// Closed days.
    pub(super) holidays: Vec<NaiveDate>,
    /// Days worked in exchange, with Monday's hours.
    pub(super) workdays: Vec<NaiveDate>,
    /// When the night duty begins, e.g. `18:00`.
    pub(super) night_from: String,
    /// When the night duty ends, e.g. `08:00`.
    pub(super) night_to: String,
    /// How often it was saved; 0 for the hours of an estate that never said otherwise.
    pub(super) version: i32,
}

/// A step of an escalation that was reached.
#[derive(Clone, SimpleObject)]
#[graphql(name = "SlaEscalation")]
pub struct SlaEscalationNode {
    /// Its id, `sle_…`.
    pub(super) id: ID,
    /// What the ticket is.
    pub(super) kind: SlaSubjectKind,
    /// The ticket, as the raw id behind its prefix.
    pub(super) subject_id: ID,
    /// Of which promise.
    pub(super) measure: SlaMeasure,
    /// At which share of it, in per cent; 0 when nobody suitable was found.
    pub(super) percent: i32,
    /// Whether it came before the promise was broken.
    pub(super) warning: bool,
    /// Which level was told.
    pub(super) target: SlaTarget,
    /// Who was told.
    pub(super) told: Vec<Colleague>,
    /// When it was reached.
    pub(super) due_at: DateTime<Utc>,
    /// When it was noted.
    pub(super) at: DateTime<Utc>,
    /// Who took note.
    pub(super) acknowledged_by: Option<Colleague>,
    /// When.
    pub(super) acknowledged_at: Option<DateTime<Utc>>,
}
