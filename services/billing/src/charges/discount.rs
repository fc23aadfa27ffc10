//! What an approved rule takes off the price of a month.

use crate::ids::DiscountId;
use chrono::NaiveDate;
use money::{Fen, Rate};

/// How much is taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reduction {
    /// This part of the price: `Rate(300_000)` is 30 %.
    Percent(Rate),
    /// So much of a whole month, prorated as the price is; never below zero.
    Fixed(Fen),
}

/// A rule on the days on which it holds for a unit or space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiscountSpan {
    /// The rule.
    pub id: DiscountId,
    /// How much is taken off.
    pub reduction: Reduction,
    /// First day.
    pub from: NaiveDate,
    /// Last day; `None` is open.
    pub to: Option<NaiveDate>,
}

/// What was taken off a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Discounted {
    /// By which rule.
    pub by: DiscountId,
    /// How much.
    pub reduction: Reduction,
}
