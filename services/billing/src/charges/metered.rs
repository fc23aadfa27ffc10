//! The arithmetic of a metered line, kept as values and rendered in words on demand.

use super::{Exact, Quantity, tiers::Slice};
use crate::say;
use money::Fen;
use std::fmt::Write as _;
use texts::Text;

/// The use one counter shows.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Counted {
    /// The meter's number.
    pub serial: String,
    /// The reading before.
    pub previous: Quantity,
    /// The reading now.
    pub current: Quantity,
    /// What a unit of the counter stands for, in thousandths.
    pub multiplier: i64,
    /// The use.
    pub quantity: Quantity,
}

/// Every figure that leads to the amount of a metered line.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MeteredExplanation {
    /// What the counters show; more than one where a meter was replaced.
    pub counted: Vec<Counted>,
    /// The use by step, each with its price.
    pub slices: Vec<Slice>,
    /// The unrounded price of the use.
    pub unrounded: Exact,
    /// Days that are this payer's, of all days, where the payer changed.
    pub share: Option<(u32, u32)>,
    /// This payer's part, rounded; the residue is borne as R3 says.
    pub part: Fen,
    /// Whether a reading is estimated.
    pub estimated: bool,
    /// What corrected readings make of earlier lines: above zero was charged too little.
    pub carried: Fen,
    /// The amount of the line, never below zero; what is left over meets the next line.
    pub amount: Fen,
}

impl MeteredExplanation {
    /// The arithmetic as one sentence, e.g. `1318 → 1341 = 23; 11 × 2.80 + 12 × 3.60 = 74.00`.
    pub fn text(&self) -> Text {
        let exact = self.unrounded.to_string();
        let mut sum = say::metered_sum(self.readings(), self.products(), exact);
        if self.estimated {
            sum = say::metered_estimated(sum);
        }
        if let Some((days, all)) = self.share {
            sum = say::metered_share(sum, days, all);
        }
        if self.carried.is_zero() {
            say::sum_rounded(sum, self.amount)
        } else {
            say::metered_carried(sum, self.part, self.carried, self.amount)
        }
    }

    fn readings(&self) -> String {
        let mut text = String::new();
        for (place, counted) in self.counted.iter().enumerate() {
            let Counted { previous, current, multiplier, quantity, .. } = counted;
            let between = if place > 0 { " + " } else { "" };
            let times = Quantity(*multiplier);
            let done = if times.0 == Quantity::PER_ONE {
                write!(text, "{between}{previous} → {current} = {quantity}")
            } else {
                write!(text, "{between}({previous} → {current}) × {times} = {quantity}")
            };
            debug_assert!(done.is_ok(), "a String takes all");
        }
        text
    }

    fn products(&self) -> String {
        let each = self.slices.iter().map(|it| format!("{} × {}", it.quantity, it.price));
        each.collect::<Vec<_>>().join(" + ")
    }
}
