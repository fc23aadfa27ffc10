//! What a meeting and a task are.

use super::{MeetingId, TaskId, say};
use authz::UserId;
use chrono::{DateTime, NaiveDate, Utc};
use ids::EstateId;
use serde::{Deserialize, Serialize};
use texts::Text;

/// The most people and the most decisions of a meeting.
pub(super) const MOST: usize = 50;

/// Which meeting it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MeetingKind {
    /// Of the morning.
    Morning,
    /// Of the week.
    Weekly,
    /// Of the month.
    Monthly,
    /// For one matter.
    Special,
}

/// How far a task has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskState {
    /// It is to be done.
    Open,
    /// Its owner says that it is done.
    Done,
    /// Somebody else has seen that it is.
    Verified,
    /// It is not to be done any more.
    Cancelled,
}

/// A meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Meeting {
    pub id: MeetingId,
    pub estate: EstateId,
    pub kind: MeetingKind,
    pub held_on: NaiveDate,
    pub title: String,
    pub minutes: String,
    pub present: Vec<UserId>,
    pub absent: Vec<UserId>,
    pub recorded_by: UserId,
    pub recorded_at: DateTime<Utc>,
}

/// A task that a meeting decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Task {
    pub id: TaskId,
    pub estate: EstateId,
    pub meeting: MeetingId,
    pub owner: UserId,
    pub decision: String,
    pub due: NaiveDate,
    pub state: TaskState,
    /// The day on which it was done last, in the estate.
    pub done_on: Option<NaiveDate>,
    pub result: Option<String>,
    /// Why it was given to somebody else or cancelled.
    pub reason: Option<String>,
    pub verified_by: Option<UserId>,
    pub verified_at: Option<DateTime<Utc>>,
    pub version: i32,
}

impl Task {
    /// Whether its day has passed and it is not done.
    pub(super) fn is_overdue(&self, today: NaiveDate) -> bool {
        self.state == TaskState::Open && self.due < today
    }

    /// Whether it was done in time; nothing while its day has not passed and it is open, nor of one
    /// that was cancelled.
    pub(super) fn on_time(&self, today: NaiveDate) -> Option<bool> {
        match self.done_on {
            _ if self.state == TaskState::Cancelled => None,
            Some(day) => Some(day <= self.due),
            None => (self.due < today).then_some(false),
        }
    }

    /// # Errors
    /// When it is not in the state `needed`.
    pub(super) fn must_be(&self, needed: TaskState) -> Result<(), Text> {
        if self.state == needed { Ok(()) } else { Err(say::not_in_this_state()) }
    }
}

/// How many of the tasks that count were done in time, in per cent rounded down; all of none.
pub(super) const fn percent(on_time: usize, counted: usize) -> usize {
    match (on_time * 100).checked_div(counted) {
        Some(percent) => percent,
        None => 100,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_rate_is_between_none_and_all(counted in 0_usize..500, part in 0_usize..500) {
            let on_time = part.min(counted);
            prop_assert!(percent(on_time, counted) <= 100);
            prop_assert_eq!(percent(counted, counted), 100);
        }
    }

    #[test]
    fn nineteen_of_twenty_are_ninety_five() {
        assert_eq!(percent(19, 20), 95);
        assert_eq!(percent(18, 19), 94);
    }
}
