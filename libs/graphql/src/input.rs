//! Reading inputs.

use crate::to_graphql;
use async_graphql::{ID, Result};
use errors::Invalid;
use std::{fmt::Display, str::FromStr};

/// Reads a prefixed id; a wrong one is an `INVALID` error that names `field`.
pub fn parse_id<T>(id: &ID, field: &str) -> Result<T>
where
    T: FromStr<Err = ids::IdError>,
{
    parse(id.as_str(), field)
}

/// Reads any text form, e.g. a decimal; a wrong one is an `INVALID` error that names `field`.
pub fn parse<T>(text: &str, field: &str) -> Result<T>
where
    T: FromStr,
    T::Err: Display,
{
    text.parse().map_err(|e: T::Err| to_graphql(Invalid::new(field, e.to_string())))
}
