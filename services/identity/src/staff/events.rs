//! What others hear of staff.

use super::Staff;
use contracts::identity::StaffChanged;
use db::{StorageError, TenantScope};

/// Tells who it is, whole, in the transaction that changes it.
pub async fn tell(scope: &TenantScope, staff: &Staff) -> Result<(), StorageError> {
    let active = staff.ended_at.is_none();
    let event = StaffChanged { staff: staff.id.as_uuid(), name: staff.name.clone(), active };
    events::publish(scope, &event).await.map(drop)
}
