//! Prices and rates.

use crate::{NumberError, format_scaled, parse_scaled};
use std::str::FromStr;

/// A price or rate in millionths of its unit: `Rate(2_350_000)` is 2.35 yuan per m² and month,
/// `Rate(500)` is 0.05 % a day. Never rounded (handbook R2).
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct Rate(pub i64);

impl Rate {
    /// How many units one whole has.
    pub const PER_ONE: i64 = 1_000_000;
}

impl std::fmt::Display for Rate {
    /// At least two places: `2.35`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&format_scaled(self.0, 6, 2))
    }
}

impl FromStr for Rate {
    type Err = NumberError;
    fn from_str(text: &str) -> Result<Self, NumberError> {
        parse_scaled(text, 6).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_print_and_parse_in_whole_units() {
        assert_eq!(Rate(2_350_000).to_string(), "2.35");
        assert_eq!("2.35".parse(), Ok(Rate(2_350_000)));
        assert_eq!("0.0005".parse(), Ok(Rate(500)));
        assert!("0.00000005".parse::<Rate>().is_err());
    }
}
