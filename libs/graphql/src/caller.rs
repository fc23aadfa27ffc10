//! Who is asking, in a resolver.

use crate::to_graphql;
use async_graphql::{Context, Result};
use authz::{Caller, TokenError};
use texts::Language;

/// The authenticated caller of this request.
///
/// # Errors
/// `UNAUTHENTICATED` when there is none.
pub fn caller<'c>(ctx: &Context<'c>) -> Result<&'c Caller> {
    ctx.data_opt::<Caller>().ok_or_else(|| to_graphql(TokenError::NotValid))
}

/// The language of this request's caller, for sentences that are no errors.
pub fn language(ctx: &Context<'_>) -> Language {
    ctx.data_opt::<Language>().copied().unwrap_or_default()
}

/// What a service attaches to the request of a caller, e.g. its data loaders.
///
/// # Errors
/// `UNAUTHENTICATED` when there is no caller.
pub fn of_caller<'c, T: std::any::Any + Send + Sync>(ctx: &Context<'c>) -> Result<&'c T> {
    caller(ctx)?;
    ctx.data()
}
