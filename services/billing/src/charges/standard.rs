//! What a fee standard says: its formula and how it treats a part of a month.

use super::Tiers;
use crate::ids::FeeStandardId;
use chrono::NaiveDate;
use money::{Area, Fen, Rate};

/// How many parts one fen has in an exact product: 0.0001 m² times a millionth of a yuan.
pub(super) const PARTS_PER_FEN: i128 = 100_000_000;

/// How the price of one whole month is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Formula {
    /// Gross area times rate, plus a fixed amount.
    AreaRate {
        /// Yuan per m² and month.
        rate: Rate,
        /// Added to every month; part of the product, so prorated with it.
        surcharge: Fen,
    },
    /// One price per unit and month.
    FixedPerUnit {
        /// The price of a month.
        price: Fen,
    },
    /// One price per parking space and month.
    PerParkingSpace {
        /// The price of a month.
        price: Fen,
    },
    /// A price per unit of what a meter counts; it has no price of a month.
    Metered {
        /// Its steps by the use of a calendar year.
        steps: Tiers,
    },
}

impl Formula {
    /// Whether a meter's use is priced.
    pub const fn is_metered(&self) -> bool {
        matches!(self, Self::Metered { .. })
    }

    /// The exact price of a whole month in hundred-millionths of a fen, never rounded (R2).
    pub(super) fn monthly(self, area: Area) -> i128 {
        match self {
            Self::AreaRate { rate, surcharge } => {
                i128::from(area.0) * i128::from(rate.0) + i128::from(surcharge.0) * PARTS_PER_FEN
            }
            Self::FixedPerUnit { price } | Self::PerParkingSpace { price } => {
                i128::from(price.0) * PARTS_PER_FEN
            }
            Self::Metered { .. } => 0,
        }
    }
    /// Whether no part of the formula is below zero.
    pub const fn is_not_negative(self) -> bool {
        match self {
            Self::AreaRate { rate, surcharge } => rate.0 >= 0 && surcharge.0 >= 0,
            Self::FixedPerUnit { price } | Self::PerParkingSpace { price } => price.0 >= 0,
            Self::Metered { steps } => steps.is_not_negative(),
        }
    }
}

/// What a part of a month costs (handbook R3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Proration {
    /// Days charged over the days of that month.
    #[default]
    ActualDays,
    /// A change from the 2nd to the 15th takes effect at half the month, a later one next month.
    HalfMonth,
    /// Whoever has the first charged day pays the whole month, at the price of that day.
    FullMonth,
    /// Every month counts 30 days; its last day ends the 30th.
    Fixed30,
}

impl Proration {
    /// Into how many equal shares a month is divided; each divides `30 × days of the month`.
    pub(super) const fn shares_of_month(self, days_of_month: u32) -> u32 {
        match self {
            Self::ActualDays => days_of_month,
            Self::HalfMonth => 2,
            Self::FullMonth => 1,
            Self::Fixed30 => 30,
        }
    }

    /// How many shares the days `from..=to` of the month carry. Adjoining periods add up, and the
    /// whole month has all shares; `first_charged` is the first day of the month with a payer.
    pub(super) fn shares(self, from: u32, to: u32, days_of_month: u32, first_charged: u32) -> u32 {
        let up_to = |day: u32| match self {
            Self::ActualDays => day,
            Self::HalfMonth => match day {
                0 => 0,
                1..=14 => 1,
                _ => 2,
            },
            Self::FullMonth => u32::from(day >= first_charged),
            Self::Fixed30 if day == days_of_month => 30,
            Self::Fixed30 => day.min(30),
        };
        up_to(to) - up_to(from - 1)
    }
}

/// One effective-dated price, as selected for one unit or space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandardVersion {
    /// The standard the price can be traced to.
    pub id: FeeStandardId,
    /// The price of a month.
    pub formula: Formula,
    /// What a part of a month costs.
    pub proration: Proration,
    /// First day of effect.
    pub from: NaiveDate,
    /// Last day of effect; `None` is open.
    pub to: Option<NaiveDate>,
}
