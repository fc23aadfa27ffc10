//! The arithmetic of a line of any kind.

use super::{Explanation, MeteredExplanation, Quantity};
use crate::say;
use money::{Area, Fen};
use texts::{Language, Text};

/// How a line's amount comes about.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum Arithmetic {
    /// From the price of a month.
    Price(Box<Explanation>),
    /// From what a meter counted.
    Metered(MeteredExplanation),
    /// From a cost that several share.
    Shared(SharedExplanation),
}

/// What a cost is shared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SharedBy {
    /// By gross area.
    Area,
    /// The same for every unit.
    Household,
    /// By what the units' meters counted.
    Usage,
}

/// Every figure that leads to the amount of a part of a shared cost.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SharedExplanation {
    /// What is shared.
    pub shared_total: Fen,
    /// By what.
    pub by: SharedBy,
    /// The unit's weight, in 0.0001 m², units or thousandths of a use.
    pub weight: i64,
    /// The weight of all units.
    pub of_weight: i64,
    /// The unit's part.
    pub unit_part: Fen,
    /// Days that are this payer's, of all days, where the payer changed.
    pub share: Option<(u32, u32)>,
    /// The amount of the line.
    pub amount: Fen,
}

impl SharedExplanation {
    /// The arithmetic as one sentence, e.g. `1,000.00 × 118.56/1185.60 m² = 100.00`.
    pub fn text(&self) -> Text {
        let (total, part) = (self.shared_total, self.unit_part);
        let sum = match self.by {
            SharedBy::Area => {
                let (own, all) = (Area(self.weight).to_string(), Area(self.of_weight).to_string());
                say::shared_by_area(total, own, all, part)
            }
            SharedBy::Household => {
                say::shared_by_household(total, self.weight, self.of_weight, part)
            }
            SharedBy::Usage => {
                let (own, all) = (Quantity(self.weight), Quantity(self.of_weight));
                say::shared_by_usage(total, own.to_string(), all.to_string(), part)
            }
        };
        match self.share {
            None => sum,
            Some((days, all)) => say::sum_rounded(say::metered_share(sum, days, all), self.amount),
        }
    }
}

impl Arithmetic {
    /// As one sentence.
    pub fn words(&self, language: Language) -> String {
        self.text().say(language)
    }

    /// The same, not yet in a language.
    pub fn text(&self) -> Text {
        match self {
            Self::Price(it) => it.text(),
            Self::Metered(it) => it.text(),
            Self::Shared(it) => it.text(),
        }
    }

    /// The arithmetic of a month's price, if it is that.
    pub fn price(&self) -> Option<&Explanation> {
        match self {
            Self::Price(it) => Some(it),
            Self::Metered(_) | Self::Shared(_) => None,
        }
    }
}

impl From<Explanation> for Arithmetic {
    fn from(explanation: Explanation) -> Self {
        Self::Price(Box::new(explanation))
    }
}
