//! Floor areas.

use crate::{NumberError, format_scaled, parse_scaled};
use std::str::FromStr;

/// A floor area in 0.0001 m²: `Area(1_185_600)` is 118.56 m².
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
pub struct Area(pub i64);

impl Area {
    /// How many units one square metre has.
    pub const PER_SQUARE_METRE: i64 = 10_000;
}

impl std::fmt::Display for Area {
    /// Square metres with at least two places: `118.56`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&format_scaled(self.0, 4, 2))
    }
}

impl FromStr for Area {
    type Err = NumberError;
    fn from_str(text: &str) -> Result<Self, NumberError> {
        parse_scaled(text, 4).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_print_and_parse_in_square_metres() {
        assert_eq!(Area(1_185_600).to_string(), "118.56");
        assert_eq!("118.56".parse(), Ok(Area(1_185_600)));
        assert_eq!("94.5612".parse::<Area>().map(|a| a.to_string()), Ok("94.5612".to_owned()));
        assert!("94.56123".parse::<Area>().is_err());
    }
}
