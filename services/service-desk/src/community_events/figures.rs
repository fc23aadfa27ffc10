//! What an event came to, each figure rounded half-up once (handbook S13).

use crate::shares::part;
use money::{Fen, Rate, round_half_up};

/// How many of those who came are asked afterwards while the event is not held, in basis points
/// (handbook ch. 36: 10 %).
const REVISITED: u16 = 1_000;

/// How many people an event has; companions count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct People {
    /// With a place, whether they came or not.
    pub confirmed: u32,
    /// In the queue.
    pub waitlisted: u32,
    /// Checked in.
    pub attended: u32,
    /// Of how many sign-ups: those are asked, each once.
    pub parties: u32,
}

impl People {
    /// Everybody who signed up and did not cancel.
    pub(super) fn signed_up(&self) -> u32 {
        self.confirmed + self.waitlisted
    }

    /// How many of those with a place came, in percent.
    pub(super) fn attendance(&self) -> Option<Rate> {
        percent(i128::from(self.attended), i128::from(self.confirmed))
    }

    /// How many of the sign-ups that came are asked afterwards, of a share in basis points: what the
    /// draw of the month takes of this event alone.
    pub(super) fn revisits(&self, rate: Option<u16>) -> u32 {
        let rate = rate.unwrap_or(REVISITED);
        u32::try_from(part(rate.into(), self.parties.into())).unwrap_or(u32::MAX)
    }
}

/// A part of a whole in percent with two places.
fn percent(part: i128, whole: i128) -> Option<Rate> {
    let hundredths = (whole > 0).then(|| round_half_up(part * 10_000, whole))?;
    Some(Rate(hundredths * (Rate::PER_ONE / 100)))
}

/// What was spent of a budget, in percent.
pub(super) fn spent(spent: Fen, budget: Fen) -> Option<Rate> {
    percent(i128::from(spent.0), i128::from(budget.0))
}

/// What everybody who came cost.
pub(super) fn per_attender(spent: Fen, people: &People) -> Option<Fen> {
    let attended = i128::from(people.attended);
    (attended > 0).then(|| Fen(round_half_up(i128::from(spent.0), attended)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn scenario_13_a_mid_autumn_event() {
        let people = People { confirmed: 120, waitlisted: 12, attended: 103, parties: 103 };
        assert_eq!(people.signed_up(), 132);
        assert_eq!(people.attendance().unwrap().to_string(), "85.83");
        assert_eq!(spent(Fen(561_250), Fen(600_000)).unwrap().to_string(), "93.54");
        assert_eq!(per_attender(Fen(561_250), &people), Some(Fen(5_449)));
        assert_eq!(people.revisits(None), 11);
        // Companions are asked with whom they came.
        assert_eq!(People { parties: 60, ..people }.revisits(Some(1_000)), 6);
        assert_eq!(people.revisits(Some(10_000)), 103);
    }

    #[test]
    fn nobody_is_no_share_of_anybody() {
        let nobody = People::default();
        assert_eq!((nobody.attendance(), nobody.revisits(None)), (None, 0));
        assert_eq!(per_attender(Fen(100), &nobody), None);
        assert_eq!(spent(Fen(100), Fen::ZERO), None);
    }

    proptest! {
        #[test]
        fn figures_are_off_by_at_most_half_of_their_last_place(
            confirmed in 1_u32..100_000, share in 0_u32..=100, cost in 0_i64..1_000_000_000,
        ) {
            let attended = u32::try_from(u64::from(confirmed) * u64::from(share) / 100).unwrap();
            let people = People { confirmed, waitlisted: 0, attended, parties: attended };
            let rate = people.attendance().unwrap().0 / 10_000;
            let off = i64::from(attended) * 10_000 - rate * i64::from(confirmed);
            prop_assert!(off.abs() * 2 <= i64::from(confirmed));
            prop_assert!(people.revisits(None) <= attended);
            prop_assert!(people.revisits(None) * 100 >= attended * 10);
            if let Some(each) = per_attender(Fen(cost), &people) {
                prop_assert!((each.0 * i64::from(attended) - cost).abs() * 2 <= i64::from(attended));
            }
        }
    }
}
