//! Holding an estate until a transaction ends.

use super::{
    domain::Estate,
    repo::{estate, read},
};
use db::{StorageError, TenantScope};
use ids::EstateId;
use sea_orm::ColumnTrait as _;

/// As [`find`], and nobody else issues bills of the estate until the transaction ends.
pub async fn lock(scope: &TenantScope, id: EstateId) -> Result<Option<Estate>, StorageError> {
    let row = scope.find::<estate::Entity>().filter(estate::Column::Id.eq(id.as_uuid()));
    row.lock().one().await?.map(read).transpose()
}

/// As [`lock`], and nobody posts into the estate's books meanwhile.
///
/// # Errors
/// When the database fails.
pub(super) async fn lock_books(
    scope: &TenantScope,
    id: EstateId,
) -> Result<Option<Estate>, StorageError> {
    let row = scope.find::<estate::Entity>().filter(estate::Column::Id.eq(id.as_uuid()));
    row.lock_whole().one().await?.map(read).transpose()
}
