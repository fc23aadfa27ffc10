//! Integer money, areas and prices, and the one way to round (handbook 0.3, R2).
//!
//! Money is `i64` minor units (fen), an area `i64` in 0.0001 m², a price or rate `i64` in
//! millionths of its unit; products are taken in `i128` and rounded half-up exactly once.

mod area;
mod fen;
mod rate;

pub use area::Area;
pub use fen::{Currency, Fen};
pub use rate::Rate;

/// The text is not a number of the expected form, or does not fit.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{text}` is not a number with at most {digits} decimal places")]
pub struct NumberError {
    /// What was given.
    pub text: String,
    /// How many decimal places the quantity carries.
    pub digits: u32,
}

/// `numerator / denominator`, rounded half away from zero (四舍五入).
///
/// # Panics
/// When `denominator` is not positive, or the result leaves `i64`: both are defects, since every
/// quantity in the system is bounded far below.
pub fn round_half_up(numerator: i128, denominator: i128) -> i64 {
    assert!(denominator > 0, "denominator must be positive");
    let doubled = numerator.abs() * 2 + denominator;
    let rounded = doubled / (denominator * 2);
    let signed = if numerator < 0 { -rounded } else { rounded };
    i64::try_from(signed).expect("rounded quantity fits 64 bits")
}

/// Parses a plain decimal with at most `digits` places into an integer of that scale.
fn parse_scaled(text: &str, digits: u32) -> Result<i64, NumberError> {
    let wrong = || NumberError { text: text.to_owned(), digits };
    let mut value: rust_decimal::Decimal = text.trim().parse().map_err(|_| wrong())?;
    value = value.normalize();
    if value.scale() > digits {
        return Err(wrong());
    }
    value.rescale(digits);
    i64::try_from(value.mantissa()).map_err(|_| wrong())
}

/// Writes an integer of scale `digits` as a decimal, keeping at least `keep` places.
fn format_scaled(value: i64, digits: u32, keep: u32) -> String {
    let mut decimal = rust_decimal::Decimal::new(value, digits).normalize();
    if decimal.scale() < keep {
        decimal.rescale(keep);
    }
    decimal.to_string()
}

#[cfg(test)]
mod tests {
    use super::round_half_up;
    use proptest::prelude::*;

    #[test]
    fn a_half_goes_away_from_zero() {
        assert_eq!(round_half_up(5, 10), 1);
        assert_eq!(round_half_up(4, 10), 0);
        assert_eq!(round_half_up(-5, 10), -1);
        assert_eq!(round_half_up(15, 10), 2);
    }

    proptest! {
        #[test]
        fn rounding_is_off_by_at_most_half(n in -1_000_000_000_000_i128..1_000_000_000_000, d in 1_i128..1_000_000) {
            let rounded = i128::from(round_half_up(n, d));
            prop_assert!((rounded * d - n).abs() * 2 <= d);
        }
    }
}
