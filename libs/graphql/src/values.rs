//! Quantities as GraphQL values: decimals as strings, never floats or 64-bit integers.

use async_graphql::{
    InputType, InputValueError, InputValueResult, Scalar, ScalarType, SimpleObject, Value,
};
use money::{Area, Currency, Fen, Rate};
use rust_decimal::Decimal;

/// An amount of money.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(shareable)]
pub struct Money {
    /// The amount in major units, e.g. `"278.62"`.
    amount: Decimal,
    /// ISO 4217 code, e.g. `CNY`.
    currency: String,
}

impl Money {
    /// An amount in its currency.
    pub fn new(amount: Fen, currency: Currency) -> Self {
        Self { amount: Decimal::new(amount.0, 2), currency: currency.to_string() }
    }

    /// An amount in renminbi.
    pub fn cny(amount: Fen) -> Self {
        Self::new(amount, Currency::CNY)
    }
}

/// A floor area in square metres as a decimal string, e.g. `"118.56"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AreaScalar(pub Area);

/// A price or rate as a decimal string with up to six places, e.g. `"2.35"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateScalar(pub Rate);

/// A floor area in square metres as a decimal string with up to four places, e.g. `"118.56"`.
#[Scalar(name = "Area")]
impl ScalarType for AreaScalar {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(decimal_text(value)?.parse()?))
    }
    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A price or rate as a decimal string with up to six places, e.g. `"2.35"`.
#[Scalar(name = "Rate")]
impl ScalarType for RateScalar {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(decimal_text(value)?.parse()?))
    }
    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

fn decimal_text<T: InputType>(value: Value) -> Result<String, InputValueError<T>> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(InputValueError::expected_type(other)),
    }
}
