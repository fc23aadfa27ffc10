//! What a survey is and how it moves.

use super::Question;
use crate::surveys::{ImprovementId, SurveyId};
use authz::UserId;
use chrono::{DateTime, NaiveDate, Utc};
use contracts::{BuildingId, UnitId};
use ids::EstateId;
use serde::{Deserialize, Serialize};

/// Of the returned forms, how many are keyed again, basis points (handbook ch. 35).
pub const AUDIT_RATE: u32 = 1_000;
/// How many homes that returned nothing are phoned; the least of them, and how many are drawn.
pub const CALLS: (usize, usize) = (2, 3);

/// How far a survey is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SurveyState {
    /// Given up before it was closed: it is as if nobody had been asked.
    Cancelled,
    /// The questionnaire can still change.
    Designed,
    /// The homes are drawn.
    Sampled,
    /// The homes may answer.
    Issued,
    /// The first have answered.
    Collecting,
    /// Nobody answers any more.
    Closed,
    /// Enough forms were keyed again and homes phoned.
    Audited,
    /// The result is published.
    Reported,
    /// Weak items are being improved.
    Improving,
    /// The effect was measured in a later survey.
    Verified,
}

/// What moves a survey on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The sample is drawn.
    Draw,
    /// It is handed out.
    Issue,
    /// A form comes back.
    Answer,
    /// It ends.
    Close,
    /// The audit is complete.
    Audit,
    /// The result is published.
    Report,
    /// Somebody says how a weak item is improved.
    Improve,
    /// The last plan's effect was measured.
    Verify,
    /// It is given up.
    Cancel,
}

impl SurveyState {
    /// The state after a step, if the step can be taken.
    pub const fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Designed, Step::Draw) => Some(Self::Sampled),
            (Self::Sampled, Step::Issue) => Some(Self::Issued),
            (Self::Issued | Self::Collecting, Step::Answer) => Some(Self::Collecting),
            (Self::Issued | Self::Collecting, Step::Close) => Some(Self::Closed),
            (Self::Designed | Self::Sampled | Self::Issued | Self::Collecting, Step::Cancel) => {
                Some(Self::Cancelled)
            }
            (Self::Closed, Step::Audit) => Some(Self::Audited),
            (Self::Audited, Step::Report) => Some(Self::Reported),
            (Self::Reported | Self::Improving, Step::Improve) => Some(Self::Improving),
            (Self::Reported | Self::Improving, Step::Verify) => Some(Self::Verified),
            _ => None,
        }
    }

    /// Whether nobody answers any more.
    pub fn is_closed(self) -> bool {
        self >= Self::Closed
    }

    /// Whether the result is published.
    pub fn is_reported(self) -> bool {
        self >= Self::Reported
    }
}

/// What is aimed at, and how many are asked; basis points (1/100 of a percent).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Targets {
    /// Of the occupied homes, how many are asked.
    pub rate: u32,
    /// Of the homes asked, how many shall return a form.
    pub returns: u32,
    /// Of valid answers, how many shall be satisfied, overall and for each item.
    pub satisfied: u32,
}

/// A survey of an estate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// Its id.
    pub id: SurveyId,
    /// The estate.
    pub estate: EstateId,
    /// Of which period, e.g. `2026-H1`.
    pub period: String,
    /// What it is called, Chinese and English.
    pub title: (String, String),
    /// The questions in order.
    pub questions: Vec<Question>,
    /// What is aimed at.
    pub targets: Targets,
    /// How far it is.
    pub state: SurveyState,
    /// Counts changes.
    pub version: i32,
    /// From which the sample follows; `None` until it is drawn.
    pub seed: Option<String>,
    /// How many homes were occupied when it was drawn.
    pub occupied: i32,
    /// In which round through all homes the sample was drawn.
    pub rotation: i32,
    /// Who drew the sample.
    pub drawn_by: Option<UserId>,
    /// When.
    pub drawn_at: Option<DateTime<Utc>>,
    /// When nobody could answer any more.
    pub closed_at: Option<DateTime<Utc>>,
    /// From which the forms to key again and the homes to phone follow.
    pub audit_seed: Option<String>,
    /// Whether a form differed, so that every form is keyed again.
    pub recheck: bool,
    /// The last day to answer; after it the survey closes by itself.
    pub closes_on: Option<NaiveDate>,
    /// Why it was given up.
    pub cancelled_because: Option<String>,
    /// Who designed it.
    pub made_by: UserId,
}

/// How far a home of the sample is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InviteState {
    /// Drawn, not yet asked.
    Drawn,
    /// Asked.
    Sent,
    /// Asked again.
    Reminded,
    /// A form came back.
    Answered,
    /// None came back until the end.
    NotReturned,
    /// They did not want to.
    Refused,
    /// The survey was given up; they count as not asked.
    Withdrawn,
}

impl InviteState {
    /// Whether a form can still come back.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Sent | Self::Reminded)
    }
}

/// A home of a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// The survey.
    pub survey: SurveyId,
    /// The home.
    pub unit: UnitId,
    /// Its building.
    pub building: BuildingId,
    /// The building's code.
    pub building_code: String,
    /// E.g. `3-1-1201`.
    pub label: String,
    /// How far it is.
    pub state: InviteState,
}

/// How a form came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Channel {
    /// Answered in the app.
    App,
    /// On paper, keyed by an officer.
    Paper,
}

/// How far a plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ImprovementState {
    /// To be done.
    Open,
    /// Done, its effect not yet measured.
    Done,
    /// Measured in a later survey.
    Verified,
}

/// A plan to improve a weak item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Improvement {
    /// Its id.
    pub id: ImprovementId,
    /// The survey that found the item weak.
    pub survey: SurveyId,
    /// The estate.
    pub estate: EstateId,
    /// The question.
    pub question: String,
    /// What it asks, Chinese and English.
    pub item: (String, String),
    /// How many were satisfied, basis points.
    pub rate: u32,
    /// The last day to finish.
    pub due: NaiveDate,
    /// Who answers for it.
    pub owner: Option<UserId>,
    /// Why the item is weak.
    pub cause: Option<String>,
    /// What is done.
    pub action: Option<String>,
    /// What came of it.
    pub effect: Option<String>,
    /// How far it is.
    pub state: ImprovementState,
    /// The later survey in which it was measured.
    pub measured_in: Option<SurveyId>,
    /// What that survey found, basis points.
    pub later_rate: Option<u32>,
    /// Counts changes.
    pub version: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_survey_goes_one_way() {
        use Step::{Answer, Audit, Close, Draw, Improve, Issue, Report, Verify};
        let way = [Draw, Issue, Answer, Answer, Close, Audit, Report, Improve, Improve, Verify];
        let end = way.into_iter().try_fold(SurveyState::Designed, SurveyState::after);
        assert_eq!(end, Some(SurveyState::Verified));
        for step in way {
            let stays = SurveyState::Verified.after(step);
            assert_eq!(stays, None, "{step:?}");
        }
        assert_eq!(SurveyState::Sampled.after(Draw), None, "drawn once");
        assert_eq!(SurveyState::Closed.after(Answer), None);
        assert_eq!(SurveyState::Closed.after(Report), None, "audited first");
        assert_eq!(SurveyState::Issued.after(Close), Some(SurveyState::Closed));
        assert_eq!(SurveyState::Collecting.after(Step::Cancel), Some(SurveyState::Cancelled));
        assert_eq!(SurveyState::Closed.after(Step::Cancel), None, "it was answered");
        assert!(!SurveyState::Cancelled.is_closed());
    }
}
