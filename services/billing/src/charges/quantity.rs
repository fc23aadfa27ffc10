//! How much was used.

use rust_decimal::Decimal;
use std::fmt;

/// A use or a counter's value in thousandths of its unit (m³, kWh).
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
pub struct Quantity(pub i64);

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// How many parts one unit has.
    pub const PER_ONE: i64 = 1_000;
    /// More than any counter shows.
    pub const MAX: i64 = 1_000_000_000_000;

    /// A decimal with at most three places, from zero to [`Quantity::MAX`].
    pub fn of(decimal: Decimal) -> Option<Self> {
        let mut scaled = decimal.normalize();
        if scaled.scale() > 3 {
            return None;
        }
        scaled.rescale(3);
        let value = i64::try_from(scaled.mantissa()).ok()?;
        (0..=Self::MAX).contains(&value).then_some(Self(value))
    }

    /// As a decimal number.
    pub fn decimal(self) -> Decimal {
        Decimal::new(self.0, 3).normalize()
    }
}

impl fmt::Display for Quantity {
    /// `23`, or `23.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.decimal().fmt(f)
    }
}

impl std::ops::Add for Quantity {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::ops::AddAssign for Quantity {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl std::ops::Sub for Quantity {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl std::iter::Sum for Quantity {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        Self(all.map(|one| one.0).sum())
    }
}
