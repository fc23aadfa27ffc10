//! What a disclosure says. Sums of the estate alone: nothing of any household.

use crate::charges::BillingMonth;
use chrono::NaiveDate;
use money::Fen;
use serde::{Deserialize, Serialize};

/// A price in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// The fee item's code.
    pub code: String,
    /// Its Chinese name.
    pub name_zh: String,
    /// Its English name.
    pub name_en: String,
    /// The building it is for, where it is for one.
    pub building_code: Option<String>,
    /// The use it is for, e.g. `SHOP`, where it is for one.
    pub unit_use: Option<String>,
    /// The price in Chinese.
    pub price_zh: String,
    /// The price in English.
    pub price_en: String,
    /// First day.
    pub from: NaiveDate,
}

/// A named sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// What for.
    pub name: String,
    /// How much.
    pub amount: Fen,
}

/// Income from common parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommonPart {
    /// What was the owners' before.
    pub opening: Fen,
    /// Income by source.
    pub income: Vec<Sum>,
    /// Cost by what it was for.
    pub cost: Vec<Sum>,
    /// What is the owners' after.
    pub closing: Fen,
}

/// The maintenance fund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FundPart {
    /// What there was before.
    pub opening: Fen,
    /// Deposits, interest and corrections by kind.
    pub added: Vec<Sum>,
    /// Uses by purpose.
    pub uses: Vec<Sum>,
    /// What there is after.
    pub closing: Fen,
    /// Whether less than 30 % of the first deposit is left.
    pub low: bool,
}

/// A disclosure's content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// First month.
    pub from: BillingMonth,
    /// Last month.
    pub to: BillingMonth,
    /// The prices in force on the last day.
    pub rates: Vec<Rate>,
    /// Income from common parts.
    pub common: CommonPart,
    /// The maintenance fund.
    pub fund: FundPart,
}
