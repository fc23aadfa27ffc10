//! What there is in the estate of all that rows name, in few statements.

use super::domain::{Given, Known, Paying};
use crate::{
    accounts, estates, fees,
    ids::{BillingAccountId, UnitId},
    meters,
};
use db::{StorageError, TenantScope};
use ids::EstateId;

/// Looks up units, payers, fee items, meters and accounts; an account of another estate is not there.
pub(super) async fn known(
    scope: &TenantScope,
    estate: EstateId,
    rows: &[Given],
) -> Result<Known, StorageError> {
    let labels = rows.iter().filter_map(|row| row.unit.as_deref());
    let labels = labels.map(|label| label.trim().to_owned());
    let units = estates::units_by_label(scope, estate, labels).await?;
    let ids: Vec<UnitId> = units.values().copied().collect();
    let mut known = Known { units, ..Known::default() };
    for payer in estates::payers_of(scope, &ids).await? {
        known.payers.entry(payer.unit).or_default().push(Paying {
            person: payer.person,
            name: payer.name.full,
            from: payer.from,
            to: payer.to,
        });
    }
    let items = fees::repo::items(scope, estate).await?;
    known.items = items.into_iter().map(|item| (item.code, item.id)).collect();
    let mut named: Vec<BillingAccountId> = rows.iter().filter_map(|row| row.account).collect();
    named.sort_unstable();
    named.dedup();
    let accounts = accounts::by_id(scope, &named).await?;
    let numbers = rows.iter().filter_map(|row| row.meter.as_deref());
    let numbers = numbers.map(|number| number.trim().to_owned());
    known.meters = meters::by_number(scope, estate, numbers).await?;
    let here = accounts.into_iter().filter(|it| it.estate == estate);
    known.accounts = here.map(|it| (it.id, it.debtor)).collect();
    Ok(known)
}
