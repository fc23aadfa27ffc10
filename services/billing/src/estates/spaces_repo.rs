//! Parking spaces by their ids.

use super::{
    domain::Space,
    repo::{read_space, space},
};
use crate::ids::ParkingSpaceId;
use db::{StorageError, TenantScope};
use ids::EstateId;
use sea_orm::ColumnTrait as _;

/// Parking spaces of an estate by their ids.
pub(crate) async fn spaces_by_id(
    scope: &TenantScope,
    estate: EstateId,
    ids: &[ParkingSpaceId],
) -> Result<Vec<Space>, StorageError> {
    use space::Column as C;
    let found = scope
        .find::<space::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_in(C::Id, ids.iter().map(|id| id.as_uuid()));
    Ok(found.all().await?.into_iter().map(read_space).collect())
}
