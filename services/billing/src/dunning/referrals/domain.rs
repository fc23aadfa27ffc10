//! How far a referral has come. Pure.

use serde::{Deserialize, Serialize};

/// How far a referral has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ReferralState {
    Draft,
    Approved,
    Filed,
    Closed,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Outcome {
    Paid,
    Mediated,
    Judgment,
    Withdrawn,
    WrittenOff,
}

impl ReferralState {
    /// Whether a referral may go on to a state.
    pub const fn leads_to(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Draft, Self::Approved | Self::Closed)
                | (Self::Approved, Self::Filed | Self::Closed)
                | (Self::Filed, Self::Closed)
        )
    }
}

impl Outcome {
    /// Whether a referral can end so from a state: what no second person approved can only be
    /// withdrawn, and no court judges what was not filed.
    pub const fn from(self, state: ReferralState) -> bool {
        match state {
            ReferralState::Draft => matches!(self, Self::Withdrawn),
            ReferralState::Approved => !matches!(self, Self::Judgment),
            ReferralState::Filed => true,
            ReferralState::Closed => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_referral_goes_forward_only() {
        use ReferralState::{Approved, Closed, Draft, Filed};
        let all = [Draft, Approved, Filed, Closed];
        for (n, from) in all.iter().enumerate() {
            for (m, to) in all.iter().enumerate() {
                assert!(!from.leads_to(*to) || m > n, "{from:?} {to:?}");
            }
        }
        assert!(!Draft.leads_to(Filed), "nothing is filed that nobody approved");
    }

    #[test]
    fn only_an_approved_one_is_written_off_and_only_a_filed_one_judged() {
        assert!(!Outcome::WrittenOff.from(ReferralState::Draft));
        assert!(Outcome::WrittenOff.from(ReferralState::Approved));
        assert!(!Outcome::Judgment.from(ReferralState::Approved));
        assert!(Outcome::Judgment.from(ReferralState::Filed));
    }
}
