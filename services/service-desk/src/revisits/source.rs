//! What can be followed by a revisit.

use authz::UserId;
use chrono::{DateTime, Utc};
use contracts::{PersonId, UnitId};
use ids::EstateId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The kind of thing that was finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Source {
    /// A complaint was resolved.
    Complaint,
    /// A repair was done.
    WorkOrder,
    /// A special (paid) service was done.
    SpecialOrder,
    /// A household's first housekeeping order was done. A later one of the same unit counts as a
    /// [`Source::SpecialOrder`]; who notes it need not know which it is.
    Housekeeping,
    /// Somebody took part in a community event.
    CommunityEvent,
    /// Somebody wrote a comment into a survey.
    SurveyComment,
}

impl Source {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Complaint,
        Self::WorkOrder,
        Self::SpecialOrder,
        Self::Housekeeping,
        Self::CommunityEvent,
        Self::SurveyComment,
    ];
}

/// Something was finished, about which somebody may be asked.
#[derive(Clone, Debug)]
pub struct Finished {
    /// What kind of thing.
    pub source: Source,
    /// Which one; the same thing noted twice counts once.
    pub reference: Uuid,
    /// The estate.
    pub estate: EstateId,
    /// The household that it was done for.
    pub unit: Option<UnitId>,
    /// The person to ask.
    pub person: Option<PersonId>,
    /// Who did it; none of them may ask about it.
    pub workers: Vec<UserId>,
    /// What it was, in a few words, without names.
    pub summary: String,
    /// When it was finished.
    pub at: DateTime<Utc>,
}

/// What was noted, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub id: Uuid,
    pub estate: EstateId,
    pub source: Source,
    pub reference: Uuid,
    pub unit: Option<UnitId>,
    pub building: Option<Uuid>,
    pub person: Option<PersonId>,
    pub workers: Vec<UserId>,
    /// Whether staff are not told whom it is about.
    pub nameless: bool,
    pub summary: String,
    pub finished_at: DateTime<Utc>,
    pub month: crate::month::Month,
}
