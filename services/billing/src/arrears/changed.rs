//! A bill was settled, is void or is owed again: its unit may cease to be in arrears, or begin.

use super::{
    note,
    repo::{self, Place},
};
use crate::{estates, ids::BillId};
use chrono::Days;
use db::{StorageError, TenantScope};

/// Tells that the unit of a bill is not in arrears any more, if what was settled or voided in this
/// transaction was the last of it. Nothing begins here: what is overdue and was not told yet is the
/// sweep's.
///
/// # Errors
/// When the database fails.
pub(crate) async fn met(scope: &TenantScope, bill: BillId) -> Result<(), StorageError> {
    match repo::place_of(scope, bill).await? {
        Some(place) if place.told => look(scope, place).await,
        _ => Ok(()),
    }
}

/// Tells that the unit of a bill is in arrears, if the bill is overdue that is owed again.
///
/// # Errors
/// When the database fails.
pub(crate) async fn owed_again(scope: &TenantScope, bill: BillId) -> Result<(), StorageError> {
    // Wherever the estate is, it is not later there than this day.
    let latest = scope.now().date_naive() + Days::new(1);
    match repo::place_of(scope, bill).await? {
        Some(place) if place.due < latest => look(scope, place).await,
        _ => Ok(()),
    }
}

/// Who pays for one unit at the same time waits here for the other, so that the last of them sees
/// that nothing is left.
async fn look(scope: &TenantScope, place: Place) -> Result<(), StorageError> {
    let Some(estate) = estates::find(scope, place.estate).await? else { return Ok(()) };
    let told = repo::hold(scope, place.unit).await?;
    let behind = repo::is_behind(scope, place.unit, estate.today(scope.clock())).await?;
    if told == behind {
        return Ok(());
    }
    note(scope, estate.id, (&[place.unit], behind)).await
}
