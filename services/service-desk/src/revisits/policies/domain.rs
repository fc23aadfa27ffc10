//! What a revisit policy says.

use crate::revisits::Source;
use chrono::NaiveDate;
use errors::{Invalid, expected};
use serde::{Deserialize, Serialize};

/// When revisits are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Mode {
    /// All of a month are drawn from when the month is over.
    Period,
    /// Each becomes a revisit when it is finished; the rate is 100 %.
    AtOnce,
}

/// Who is meant to ask (handbook ch. 23, "Who").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Visitor {
    /// The property officer of the building.
    Officer,
    /// The supervisor of the centre.
    Supervisor,
    /// The estate's director.
    Director,
}

/// How revisits of one kind of thing are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// Of what.
    pub source: Source,
    /// The share in basis points: 3000 is 30 %.
    pub rate_bp: u16,
    /// When they are chosen.
    pub mode: Mode,
    /// Within how many days: of finishing when chosen at once, of the draw otherwise.
    pub due_days: u16,
    /// How many hours a resident has to answer by the app before somebody calls.
    pub app_hours: u16,
    /// Who is meant to ask.
    pub visitor: Visitor,
    /// The first day; `None` for the product's own.
    pub effective_from: Option<NaiveDate>,
}

/// All, in basis points.
pub const ALL_OF_THEM: u16 = 10_000;

impl Policy {
    /// What holds until an estate sets something else (handbook ch. 23, "Rates and times"; first
    /// housekeeping: S10).
    pub const fn product(source: Source) -> Self {
        let (rate_bp, mode, due_days, visitor) = match source {
            Source::Complaint => (ALL_OF_THEM, Mode::AtOnce, 3, Visitor::Supervisor),
            Source::WorkOrder | Source::SpecialOrder => (3_000, Mode::Period, 7, Visitor::Officer),
            Source::Housekeeping => (ALL_OF_THEM, Mode::AtOnce, 7, Visitor::Officer),
            Source::CommunityEvent => (1_000, Mode::Period, 30, Visitor::Officer),
            Source::SurveyComment => (ALL_OF_THEM, Mode::AtOnce, 15, Visitor::Officer),
        };
        let app_hours = 24;
        Self { source, rate_bp, mode, due_days, app_hours, visitor, effective_from: None }
    }

    /// The policy, if it can be followed.
    ///
    /// # Errors
    /// [`Invalid`] with the field.
    pub fn checked(self) -> Result<Self, Invalid> {
        let least = if self.mode == Mode::AtOnce { ALL_OF_THEM } else { 0 };
        if !(least..=ALL_OF_THEM).contains(&self.rate_bp) {
            return Err(Invalid::new(
                "rateBasisPoints",
                expected::between(least.into(), ALL_OF_THEM.into()),
            ));
        }
        if !(1..=90).contains(&self.due_days) {
            return Err(Invalid::new("dueDays", expected::between(1, 90)));
        }
        if self.app_hours > 168 {
            return Err(Invalid::new("appHours", expected::between(0, 168)));
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shares::part;
    use proptest::prelude::*;

    #[test]
    fn the_handbooks_month_needs_6_of_20_93_of_310_42_of_42_and_7_of_7() {
        let needed = |source, of| part(Policy::product(source).rate_bp.into(), of);
        assert_eq!(needed(Source::SpecialOrder, 20), 6);
        assert_eq!(needed(Source::WorkOrder, 310), 93);
        assert_eq!(needed(Source::Complaint, 42), 42);
        assert_eq!(needed(Source::Housekeeping, 7), 7);
        // S13's event and S11's comments.
        assert_eq!(needed(Source::CommunityEvent, 103), 11);
        assert_eq!(needed(Source::SurveyComment, 41), 41);
    }

    #[test]
    fn what_becomes_a_revisit_at_once_is_all_of_it() {
        let half = Policy { rate_bp: 5_000, ..Policy::product(Source::Complaint) };
        assert_eq!(half.checked().unwrap_err().field, "rateBasisPoints");
        assert!(Policy { mode: Mode::Period, ..half }.checked().is_ok());
        let never = Policy { due_days: 0, ..Policy::product(Source::WorkOrder) };
        assert_eq!(never.checked().unwrap_err().field, "dueDays");
        for source in Source::ALL {
            assert!(Policy::product(source).checked().is_ok());
        }
    }

    proptest! {
        #[test]
        fn never_fewer_than_the_share_and_never_one_too_many(rate in 0_u16..=10_000, of in 0_u64..100_000) {
            let found = part(rate.into(), of);
            let share = of * u64::from(rate);
            prop_assert!(found * 10_000 >= share && found <= of);
            prop_assert!(found == 0 || (found - 1) * 10_000 < share);
        }
    }
}
