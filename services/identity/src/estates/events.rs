//! What others hear of an estate.

use super::Estate;
use contracts::identity::EstateChanged;
use db::{StorageError, TenantScope};

/// Tells the estate's master data, whole, in the transaction that changes it.
pub async fn tell(scope: &TenantScope, estate: &Estate) -> Result<(), StorageError> {
    let event = EstateChanged {
        estate: estate.id,
        code: estate.code.clone(),
        name: estate.data.name.clone(),
        time_zone: estate.data.time_zone.clone(),
        currency: estate.data.currency.clone(),
    };
    events::publish(scope, &event).await.map(drop)
}
