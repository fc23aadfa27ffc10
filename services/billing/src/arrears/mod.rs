//! Units in arrears (欠费): those with a bill that is unpaid after the day on which it was due, told to
//! other services as they begin and cease to be.

mod changed;
mod migrations;
mod repo;
mod sweep;
#[cfg(test)]
mod tests;

pub(crate) use changed::{met, owed_again};
pub(crate) use migrations::migration;
pub(crate) use sweep::sweep;

use contracts::{
    UnitId,
    billing::{ArrearsChanged, UnitArrears},
};
use db::{StorageError, TenantScope};
use ids::EstateId;

/// Notes that units began or ceased to be in arrears, and tells of it in the same transaction.
async fn note(
    scope: &TenantScope,
    estate: EstateId,
    (units, behind): (&[UnitId], bool),
) -> Result<(), StorageError> {
    if behind {
        repo::add(scope, estate, units).await?;
    } else {
        repo::remove(scope, units).await?;
    }
    let units = units.iter().map(|unit| UnitArrears { unit: *unit, behind }).collect();
    events::publish(scope, &ArrearsChanged { estate, units }).await.map(drop)
}
