//! Reading inputs.

use crate::to_graphql;
use async_graphql::{ID, Result};
use errors::{Invalid, expected};
use std::str::FromStr;

/// Reads a prefixed id; a wrong one is an `INVALID` error that names `field`.
pub fn parse_id<T>(id: &ID, field: &str) -> Result<T>
where
    T: FromStr<Err = ids::IdError>,
{
    let wrong = |error: ids::IdError| Invalid::new(field, expected::id(error.expected));
    id.as_str().parse().map_err(wrong).map_err(to_graphql)
}

/// Reads any text form, e.g. a decimal; a wrong one is an `INVALID` error that names `field`.
pub fn parse<T>(text: &str, field: &str) -> Result<T>
where
    T: FromStr,
{
    text.parse().map_err(|_| to_graphql(Invalid::new(field, expected::readable(text))))
}
