//! Calls to be returned (回拨): a missed call is called back within fifteen minutes, and tried again
//! while nobody picks up. Handbook ch. 21.

mod complete;
pub(super) mod graphql;
mod open;
mod repo;
#[cfg(test)]
mod tests;

pub(super) use open::{follow, open};

use super::{CallBackId, ContactId};
use authz::UserId;
use chrono::{DateTime, Duration, Utc};
use ids::EstateId;
use serde::{Deserialize, Serialize};

/// How often a caller is tried who does not pick up.
const TRIES: i32 = 3;
/// Until when such a caller is tried again.
const NEXT_TRY: Duration = Duration::hours(1);

/// How calling back ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// The caller was reached.
    Reached,
    /// The caller was not reached.
    NotReached,
}

/// A call to be returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallBack {
    /// Its id.
    pub id: CallBackId,
    /// The missed call.
    pub contact: ContactId,
    /// The estate.
    pub estate: EstateId,
    /// By when.
    pub due_at: DateTime<Utc>,
    /// How it ended, or the last try of one that goes on.
    pub outcome: Option<Outcome>,
    /// How often the caller was tried and did not pick up.
    pub tries: i32,
    /// What was said.
    pub note: Option<String>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
    /// Who called back.
    pub done_by: Option<UserId>,
    /// Counts the changes.
    pub version: i32,
}

impl CallBack {
    /// Notes how a try of an account went: it ends when the caller was reached, or after the last.
    fn tried(&mut self, outcome: Outcome, (by, now): (UserId, DateTime<Utc>)) {
        self.outcome = Some(outcome);
        if outcome == Outcome::NotReached {
            self.tries += 1;
        }
        if outcome == Outcome::Reached || self.tries >= TRIES {
            (self.done_at, self.done_by) = (Some(now), Some(by));
        } else {
            self.due_at = now + NEXT_TRY;
        }
    }
}
