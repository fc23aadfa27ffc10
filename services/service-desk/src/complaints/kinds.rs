//! The words of complaints (handbook ch. 22).

use crate::responders::Level;
use serde::{Deserialize, Serialize};

/// How a complaint came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Channel {
    Phone,
    Visit,
    Wechat,
    Letter,
    App,
    GuardPost,
    /// From a bad rating at a revisit.
    Revisit,
}

/// What it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Class {
    Service,
    Facility,
    Environment,
    Security,
    Fee,
    Neighbour,
    BuilderDefect,
}

/// How serious it is. The handbook's "light: the rest" is what its other texts and S3 call
/// ordinary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Grade {
    Ordinary,
    Important,
    Major,
}

impl Grade {
    /// Who handles it: the supervisor's people the ordinary ones, the director the important ones
    /// and, for the company, the major ones.
    pub fn least(self) -> Level {
        match self {
            Self::Ordinary => Level::Staff,
            Self::Important | Self::Major => Level::Director,
        }
    }
}

/// Why it has its grade; the grade follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Ground {
    /// A promised service is missing or clearly wrong, and was raised repeatedly unsolved.
    RepeatedlyUnsolved,
    /// The company caused serious loss or injury.
    SeriousLoss,
    /// It is valid and unsolved for a month.
    UnsolvedForAMonth,
    /// A service is not in place.
    ServiceNotInPlace,
    /// None of these.
    Rest,
}

impl Ground {
    /// The grade that follows.
    pub fn grade(self) -> Grade {
        match self {
            Self::RepeatedlyUnsolved | Self::SeriousLoss | Self::UnsolvedForAMonth => Grade::Major,
            Self::ServiceNotInPlace => Grade::Important,
            Self::Rest => Grade::Ordinary,
        }
    }
}

/// Where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    Received,
    FirstResponded,
    Graded,
    Assigned,
    InProgress,
    ExtensionAgreed,
    Resolved,
    RevisitDue,
    Closed,
    Reopened,
}

impl State {
    /// Whether something is still to be done about it.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Resolved | Self::RevisitDue | Self::Closed)
    }
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    Satisfied,
    Accepted,
    /// Nobody could be asked.
    Unasked,
    /// Out of scope; explained.
    Invalid,
}

/// Above whom it was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Above {
    Supervisor,
    Director,
    Company,
}

/// Why it came to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Cause {
    Attitude,
    Skill,
    Delay,
    Communication,
    FacilityFault,
    BuilderFault,
    FeeError,
    NeighbourBehaviour,
    Rule,
    Other,
}

/// Who answers for it (责任部门).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Department {
    CustomerService,
    Engineering,
    Security,
    Environment,
    Finance,
    Pool,
    Builder,
    OutsideParty,
}

/// An act on the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ActKind {
    Received,
    FirstResponded,
    Graded,
    About,
    Assigned,
    Noted,
    TimeProposed,
    TimeAgreed,
    OtherPartyTold,
    Escalated,
    Resolved,
    Declined,
    Revisited,
    Closed,
    Reopened,
    Linked,
    Revealed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grade_follows_from_the_ground_and_says_who_handles_it() {
        assert_eq!(Ground::Rest.grade(), Grade::Ordinary);
        assert_eq!(Ground::ServiceNotInPlace.grade(), Grade::Important);
        for ground in [Ground::RepeatedlyUnsolved, Ground::SeriousLoss, Ground::UnsolvedForAMonth] {
            assert_eq!(ground.grade(), Grade::Major);
        }
        assert_eq!(Grade::Ordinary.least(), Level::Staff);
        assert_eq!(Grade::Important.least(), Level::Director);
        assert_eq!(Grade::Major.least(), Level::Director);
    }
}
