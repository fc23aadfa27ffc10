//! Calls to be returned (回拨): a missed call is called back within fifteen minutes. Handbook
//! ch. 21.

mod complete;
pub(super) mod graphql;
mod repo;

pub(super) use complete::open;

use super::{CallBackId, ContactId};
use authz::UserId;
use chrono::{DateTime, Utc};
use ids::EstateId;
use serde::{Deserialize, Serialize};

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
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// What was said.
    pub note: Option<String>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
    /// Who called back.
    pub done_by: Option<UserId>,
    /// Counts the changes.
    pub version: i32,
}
