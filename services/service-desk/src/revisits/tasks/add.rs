//! New revisits.

use super::{Revisit, repo};
use crate::Refused;
use db::TenantScope;

/// Adds revisits; something that has one already gets no second.
pub(in crate::revisits) async fn add(
    scope: &TenantScope,
    revisits: &[Revisit],
) -> Result<(), Refused> {
    Ok(repo::insert(scope, revisits).await?)
}
