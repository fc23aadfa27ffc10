//! The arithmetic of a line, kept as values and rendered in words on demand.

use super::standard::{Formula, Proration};
use money::{Area, Fen};
use std::fmt;

/// A language of the documents and screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

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
    pub(super) fn of(numerator: i128, denominator: i128) -> Self {
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
        let zh = language == Language::Zh;
        let mut text = match self.formula {
            Formula::AreaRate { rate, surcharge } => {
                let plus =
                    if surcharge.is_zero() { String::new() } else { format!(" + {surcharge}") };
                format!("{} m² × {rate}{plus} = {}", self.area, self.monthly)
            }
            Formula::FixedPerUnit { price } if zh => format!("每户每月 {price}"),
            Formula::FixedPerUnit { price } => format!("{price} per unit and month"),
            Formula::PerParkingSpace { price } if zh => format!("每车位每月 {price}"),
            Formula::PerParkingSpace { price } => format!("{price} per parking space and month"),
        };
        let separator = if zh { ";" } else { "; " };
        if self.shares != self.shares_of_month {
            let (monthly, share, part) = (&self.monthly, self.share(zh), &self.unrounded);
            text = format!("{text}{separator}{monthly} × {share} = {part}");
        }
        text.push_str(&self.ending(zh, separator));
        text
    }

    fn share(&self, zh: bool) -> String {
        let (n, d) = (self.shares, self.shares_of_month);
        match (self.proration, zh) {
            (Proration::ActualDays, true) => format!("{n}/{d} 天"),
            (Proration::ActualDays, false) => format!("{n}/{d} days"),
            (Proration::Fixed30, true) => format!("{n}/{d} 天(每月按 30 天)"),
            (Proration::Fixed30, false) => format!("{n}/{d} days (30-day month)"),
            (Proration::HalfMonth | Proration::FullMonth, true) => format!("{n}/{d} 月"),
            (Proration::HalfMonth | Proration::FullMonth, false) => format!("{n}/{d} month"),
        }
    }

    fn ending(&self, zh: bool, separator: &str) -> String {
        let amount = self.amount;
        match (self.adjustment, zh) {
            (Adjustment::None, _) => format!(" → {amount}"),
            (Adjustment::Remainder { total, others }, true) => {
                format!("{separator}尾差承担:{total} − {others} = {amount}")
            }
            (Adjustment::Remainder { total, others }, false) => {
                format!("{separator}remainder: {total} − {others} = {amount}")
            }
            (Adjustment::Capped, true) => format!("{separator}以剩余金额为限 → {amount}"),
            (Adjustment::Capped, false) => {
                format!("{separator}limited to what is left → {amount}")
            }
        }
    }
}
