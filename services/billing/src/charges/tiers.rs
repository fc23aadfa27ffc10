//! Prices of what is used, in steps of the use of a calendar year.

use super::Quantity;
use crate::say;
use errors::{Invalid, expected};
use money::Rate;

/// How many parts one fen has in an exact product of a use: a thousandth times a millionth of a
/// yuan.
pub const USE_PARTS_PER_FEN: i128 = 10_000_000;

/// The most steps a price has.
pub const MAX_STEPS: usize = 6;

/// One step of a price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Step {
    /// Up to which use of the calendar year it goes, that use included; the last step has no end.
    pub up_to: Option<Quantity>,
    /// Yuan per unit of use.
    pub price: Rate,
}

/// The steps of a price, at least one, the last of them open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Vec<Step>", into = "Vec<Step>")]
pub struct Tiers {
    steps: [Step; MAX_STEPS],
    count: usize,
}

/// What of a use falls into one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Slice {
    /// How much.
    pub quantity: Quantity,
    /// At which price.
    pub price: Rate,
}

impl Slice {
    /// Its exact price in parts of a fen.
    pub fn exact(&self) -> i128 {
        i128::from(self.quantity.0) * i128::from(self.price.0)
    }
}

impl Tiers {
    /// One price whatever the use.
    pub fn flat(price: Rate) -> Self {
        let mut steps = [Step::default(); MAX_STEPS];
        steps[0].price = price;
        Self { steps, count: 1 }
    }

    /// Checks that the steps rise and that the last one, and only it, is open.
    pub fn new(given: &[Step]) -> Result<Self, Invalid> {
        let wrong = || Invalid::new("steps", say::steps_rise());
        if !(1..=MAX_STEPS).contains(&given.len()) {
            return Err(Invalid::new("steps", expected::items(1, MAX_STEPS)));
        }
        let mut last = Quantity::ZERO;
        for (place, step) in given.iter().enumerate() {
            if step.price.0 < 0 || step.price.0 > 10_000 * Rate::PER_ONE {
                return Err(Invalid::new("steps", say::price_range()));
            }
            match step.up_to {
                Some(up_to) if place + 1 < given.len() && up_to > last => last = up_to,
                None if place + 1 == given.len() => {}
                _ => return Err(wrong()),
            }
        }
        let mut steps = [Step::default(); MAX_STEPS];
        steps[..given.len()].copy_from_slice(given);
        Ok(Self { steps, count: given.len() })
    }

    /// The steps.
    pub fn steps(&self) -> &[Step] {
        &self.steps[..self.count]
    }

    /// Whether no price is below zero.
    pub const fn is_not_negative(&self) -> bool {
        let mut place = 0;
        while place < self.count {
            if self.steps[place].price.0 < 0 {
                return false;
            }
            place += 1;
        }
        true
    }

    /// Into which steps a use falls when `before` of the year is used already; nothing is lost.
    pub fn split(&self, before: Quantity, used: Quantity) -> Vec<Slice> {
        let (mut at, end) = (before, before + used);
        let mut slices = Vec::new();
        for step in self.steps() {
            let until = step.up_to.map_or(end, |up_to| up_to.min(end));
            if until > at {
                slices.push(Slice { quantity: until - at, price: step.price });
                at = until;
            }
        }
        slices
    }
}

impl TryFrom<Vec<Step>> for Tiers {
    type Error = Invalid;
    fn try_from(steps: Vec<Step>) -> Result<Self, Invalid> {
        Self::new(&steps)
    }
}

impl From<Tiers> for Vec<Step> {
    fn from(tiers: Tiers) -> Self {
        tiers.steps().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use money::{Fen, round_half_up};
    use proptest::prelude::*;

    fn whole(units: i64) -> Quantity {
        Quantity(units * Quantity::PER_ONE)
    }

    fn water() -> Tiers {
        let step = |up_to: Option<i64>, price| Step { up_to: up_to.map(whole), price: Rate(price) };
        Tiers::new(&[step(Some(216), 2_800_000), step(Some(300), 3_600_000), step(None, 6_000_000)])
            .unwrap()
    }

    fn fen(slices: &[Slice]) -> Fen {
        Fen(round_half_up(slices.iter().map(Slice::exact).sum(), USE_PARTS_PER_FEN))
    }

    #[test]
    fn scenario_6_twenty_three_cubic_metres_cross_the_first_step() {
        let slices = water().split(whole(205), whole(23));
        let parts: Vec<_> = slices.iter().map(|it| (it.quantity, it.price.to_string())).collect();
        assert_eq!(parts, [(whole(11), "2.80".to_owned()), (whole(12), "3.60".to_owned())]);
        assert_eq!((fen(&slices[..1]), fen(&slices[1..])), (Fen(3_080), Fen(4_320)));
        assert_eq!(fen(&slices), Fen(7_400));
        assert_eq!(fen(&water().split(whole(300), whole(1))), Fen(600));
        assert_eq!(fen(&water().split(whole(0), whole(301))), Fen(60_480 + 30_240 + 600));
    }

    #[test]
    fn steps_must_rise_and_end_open() {
        let step = |up_to: Option<i64>| Step { up_to: up_to.map(whole), price: Rate(1) };
        for wrong in [
            vec![],
            vec![step(Some(5))],
            vec![step(Some(5)), step(Some(5)), step(None)],
            vec![step(None), step(Some(5))],
            vec![step(Some(0)), step(None)],
            vec![step(None); 7],
        ] {
            assert_eq!(Tiers::new(&wrong).unwrap_err().field, "steps");
        }
        let json = serde_json::to_string(&water()).unwrap();
        assert_eq!(serde_json::from_str::<Tiers>(&json).unwrap(), water());
        assert!(serde_json::from_str::<Tiers>("[]").is_err());
    }

    proptest! {
        #[test]
        fn a_split_use_costs_what_the_whole_costs(
            before in 0_i64..400_000, first in 0_i64..400_000, second in 0_i64..400_000,
        ) {
            let (before, first, second) = (Quantity(before), Quantity(first), Quantity(second));
            let exact = |slices: Vec<Slice>| slices.iter().map(Slice::exact).sum::<i128>();
            let whole_use = water().split(before, first + second);
            prop_assert_eq!(
                whole_use.iter().map(|it| it.quantity).sum::<Quantity>(),
                first + second
            );
            let parts = exact(water().split(before, first))
                + exact(water().split(before + first, second));
            prop_assert_eq!(exact(whole_use), parts);
            // Using more never costs less, and in a dearer step no less a unit.
            prop_assert!(exact(water().split(before, first + second)) >= exact(water().split(before, first)));
            prop_assert!(exact(water().split(before + second, first)) >= exact(water().split(before, first)));
        }
    }
}
