//! Which estates there are, for acts that need one.

use crate::ResidentsError;
use db::TenantScope;
use ids::EstateId;
pub use places::estates::{Estate, find, migration, subscription, today};

/// The estate, which must be known.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn known(scope: &TenantScope, estate: EstateId) -> Result<Estate, ResidentsError> {
    find(scope, estate).await?.ok_or(ResidentsError::not_found())
}
