//! The arithmetic of a line, kept as values and rendered in words on demand.

use super::{
    discount::{Discounted, Reduction},
    standard::{Formula, Proration},
};
use crate::say;
use money::{Area, Fen, Rate};
use std::fmt;
use texts::{Language, Text};

/// An unrounded amount in yuan as decimal text: exact, or marked where the decimals do not end.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Exact {
    /// At least two places; six when it is not exact.
    pub text: String,
    /// Whether the text is the whole value.
    pub exact: bool,
}

impl Exact {
    /// `numerator / denominator` fen, neither below zero.
    pub fn of(numerator: i128, denominator: i128) -> Self {
        const PLACES: usize = 12;
        let denominator = denominator * 100;
        let whole = numerator / denominator;
        let mut rest = numerator % denominator;
        let mut decimals = String::new();
        while rest != 0 && decimals.len() < PLACES {
            rest *= 10;
            decimals.push_str(&(rest / denominator).to_string());
            rest %= denominator;
        }
        if rest != 0 {
            decimals.truncate(6);
        }
        Self { text: format!("{whole}.{decimals:0<2}"), exact: rest == 0 }
    }
}

impl fmt::Display for Exact {
    /// `278.616`, or `151.666666…` where the decimals go on.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.text, if self.exact { "" } else { "…" })
    }
}

/// Why the amount is not simply the rounded product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Adjustment {
    /// It is the rounded product.
    None,
    /// The line bears the residue: total minus the other parts (R3).
    Remainder {
        /// The month's total, or the payer's where only a price change split the line.
        total: Fen,
        /// The sum of the other parts.
        others: Fen,
    },
    /// Rounding up would exceed the month's total; the line takes what is left.
    Capped,
}

/// Every figure that leads to the amount of one line.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Explanation {
    /// The formula with its rate, surcharge or price.
    pub formula: Formula,
    /// The fee base.
    pub area: Area,
    /// How a part of a month is counted.
    pub proration: Proration,
    /// Calendar days of the month.
    pub days_of_month: u32,
    /// Calendar days from the first to the last day of the line.
    pub days_charged: u32,
    /// Shares of the month that are charged, by the proration.
    pub shares: u32,
    /// Shares of a whole month, by the proration.
    pub shares_of_month: u32,
    /// The unrounded price of the whole month.
    pub monthly: Exact,
    /// The unrounded price of the charged part.
    pub unrounded: Exact,
    /// What a rule takes off the part; `unrounded` is what it leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Discounted>,
    /// The unrounded price of the part, rounded half-up.
    pub rounded: Fen,
    /// What makes the amount differ from `rounded`.
    pub adjustment: Adjustment,
    /// The amount of the line.
    pub amount: Fen,
}

impl Explanation {
    /// The arithmetic as one sentence, e.g. `118.56 m² × 2.35 = 278.616 → 278.62`.
    pub fn words(&self, language: Language) -> String {
        self.text().say(language)
    }

    /// The same, not yet in a language.
    pub fn text(&self) -> Text {
        let whole = self.whole_month();
        let (monthly, part) = (self.monthly.to_string(), self.unrounded.to_string());
        let is_whole = self.shares == self.shares_of_month;
        let sum = match (self.discount.map(|it| it.reduction), is_whole) {
            (None, true) => whole,
            (None, false) => say::part_of_month(whole, monthly, self.share(), part),
            (Some(reduction), true) => say::discounted(whole, reduced(reduction), part),
            (Some(reduction), false) => {
                say::discounted_part(whole, reduced(reduction), self.share(), part)
            }
        };
        match self.adjustment {
            Adjustment::None => say::sum_rounded(sum, self.amount),
            Adjustment::Remainder { total, others } => {
                say::sum_remainder(sum, total, others, self.amount)
            }
            Adjustment::Capped => say::sum_capped(sum, self.amount),
        }
    }

    fn whole_month(&self) -> Text {
        let (area, monthly) = (self.area.to_string(), self.monthly.to_string());
        match self.formula {
            Formula::AreaRate { rate, surcharge } if surcharge.is_zero() => {
                say::area_price(area, rate.to_string(), monthly)
            }
            Formula::AreaRate { rate, surcharge } => {
                say::area_price_surcharge(area, rate.to_string(), surcharge, monthly)
            }
            Formula::FixedPerUnit { price } => say::unit_price(price),
            Formula::PerParkingSpace { price } => say::space_price(price),
            Formula::Metered { .. } => say::unit_price(Fen::ZERO),
        }
    }

    fn share(&self) -> Text {
        let (part, whole) = (self.shares, self.shares_of_month);
        match self.proration {
            Proration::ActualDays => say::share_of_days(part, whole),
            Proration::Fixed30 => say::share_of_30_days(part, whole),
            Proration::HalfMonth | Proration::FullMonth => say::share_of_month(part, whole),
        }
    }
}

/// How much is taken off, e.g. `30 %`.
fn reduced(reduction: Reduction) -> Text {
    match reduction {
        Reduction::Percent(part) => say::less_percent(Rate(part.0 * 100).to_string()),
        Reduction::Fixed(amount) => say::less_fixed(amount),
    }
}
