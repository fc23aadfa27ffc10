//! The late fees that a settlement has fixed rest until it is carried out.

use super::repo::Leavings;
use crate::{
    estates::Estate,
    ids::{BillId, BillingAccountId},
    late_fees::Pause,
};
use chrono::Days;
use db::{StorageError, TenantScope};
use std::collections::HashMap;

/// The days from that of a sheet to its approval: what grew on them was settled with the sheet.
///
/// # Errors
/// When the database fails.
pub(crate) async fn pauses(
    scope: &TenantScope,
    estate: &Estate,
    accounts: impl IntoIterator<Item = BillingAccountId> + Send,
) -> Result<HashMap<BillId, Vec<Pause>>, StorageError> {
    let mut found: HashMap<BillId, Vec<Pause>> = HashMap::new();
    for leaving in Leavings(scope).carried_out(accounts).await? {
        let (Some(last), Some((_, at))) = (leaving.sheet.late_until, leaving.decided) else {
            continue;
        };
        let pause = Pause { from: last + Days::new(1), to: Some(estate.day_of(at)) };
        for (bill, _) in leaving.sheet.open {
            found.entry(bill).or_default().push(pause);
        }
    }
    found.retain(|_, pauses| {
        pauses.retain(|pause| pause.covers(pause.from));
        !pauses.is_empty()
    });
    Ok(found)
}
