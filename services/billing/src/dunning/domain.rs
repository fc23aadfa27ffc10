//! The words of dunning: steps, stages, channels, reasons, evidence.

use serde::{Deserialize, Serialize};

/// A step of the ladder, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Step {
    Reminder,
    Call,
    FirstNotice,
    Visit,
    SecondNotice,
    DirectorVisit,
    LawyerLetter,
    LegalProposal,
}

impl Step {
    /// Every step, in order.
    pub const ALL: [Self; 8] = [
        Self::Reminder,
        Self::Call,
        Self::FirstNotice,
        Self::Visit,
        Self::SecondNotice,
        Self::DirectorVisit,
        Self::LawyerLetter,
        Self::LegalProposal,
    ];

    /// How far a case has come once the step is done.
    pub const fn stage(self) -> Stage {
        match self {
            Self::Reminder | Self::Call => Stage::Reminded,
            Self::FirstNotice => Stage::FirstNotice,
            Self::Visit => Stage::Visited,
            Self::SecondNotice => Stage::SecondNotice,
            Self::DirectorVisit => Stage::Negotiating,
            Self::LawyerLetter | Self::LegalProposal => Stage::LawyerLetter,
        }
    }

    /// Whether the step can be done by a channel.
    pub const fn goes_by(self, channel: Channel) -> bool {
        match self {
            Self::Reminder => channel.is_message(),
            Self::Call => matches!(channel, Channel::Call),
            Self::Visit | Self::DirectorVisit => matches!(channel, Channel::Visit),
            Self::FirstNotice | Self::SecondNotice => {
                matches!(channel, Channel::App | Channel::Notice | Channel::Letter)
            }
            Self::LawyerLetter | Self::LegalProposal => {
                matches!(channel, Channel::Notice | Channel::Letter)
            }
        }
    }
}

/// How far a case has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Stage {
    Clear,
    Reminded,
    FirstNotice,
    Visited,
    SecondNotice,
    Negotiating,
    LawyerLetter,
    Litigation,
    Settled,
    WrittenOff,
}

impl Stage {
    /// Where a case stands that these steps were done in, and that may be before a court.
    pub fn of(done: impl IntoIterator<Item = Step>, filed: bool) -> Self {
        let furthest = done.into_iter().map(Step::stage).max().unwrap_or(Self::Clear);
        if filed { Self::Litigation } else { furthest }
    }
}

/// By which way a debtor was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Channel {
    App,
    Sms,
    Call,
    Visit,
    Notice,
    Letter,
}

impl Channel {
    /// Whether it is a message, of which there is a most a day.
    pub const fn is_message(self) -> bool {
        matches!(self, Self::App | Self::Sms)
    }

    /// Whether it disturbs somebody, so that hours are kept; a courier keeps hours of its own.
    pub const fn keeps_hours(self) -> bool {
        !matches!(self, Self::Letter)
    }
}

/// Why somebody does not pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ReasonClass {
    Forgot,
    Dissatisfied,
    Vacant,
    Hardship,
    Dispute,
    LostContact,
    Refusal,
}

/// What shows that a demand arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Evidence {
    AppRead,
    SmsReceipt,
    CallRecord,
    Signed,
    CourierNumber,
    Photo,
}

/// How far a task has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum TaskState {
    Open,
    Done,
    Skipped,
    Cancelled,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_stage_is_the_furthest_step_and_a_court_comes_last() {
        assert_eq!(Stage::of([], false), Stage::Clear);
        assert_eq!(Stage::of([Step::Visit, Step::Call], false), Stage::Visited);
        assert_eq!(Stage::of([Step::Call], true), Stage::Litigation);
    }

    proptest! {
        #[test]
        fn more_steps_never_lead_back(done in prop::collection::vec(0_usize..8, 0..8), next in 0_usize..8) {
            let steps = |places: &[usize]| places.iter().map(|n| Step::ALL[*n]).collect::<Vec<_>>();
            let mut more = done.clone();
            more.push(next);
            prop_assert!(Stage::of(steps(&done), false) <= Stage::of(steps(&more), false));
        }
    }

    #[test]
    fn every_step_has_a_way_to_be_done() {
        let ways = [
            Channel::App,
            Channel::Sms,
            Channel::Call,
            Channel::Visit,
            Channel::Notice,
            Channel::Letter,
        ];
        assert!(Step::ALL.iter().all(|step| ways.iter().any(|way| step.goes_by(*way))));
    }
}
