//! Who is asking, in a resolver.

use crate::to_graphql;
use async_graphql::{Context, Result};
use authz::{Caller, TokenError};

/// The authenticated caller of this request.
///
/// # Errors
/// `UNAUTHENTICATED` when there is none.
pub fn caller<'c>(ctx: &Context<'c>) -> Result<&'c Caller> {
    ctx.data_opt::<Caller>().ok_or_else(|| to_graphql(TokenError::NotValid))
}
