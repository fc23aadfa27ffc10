//! The arithmetic of a unit's month.

use super::{
    domain::Planned,
    plan::{self, Wanted},
};
use crate::{
    bills::BILL_READ,
    charges::BillingMonth,
    error::Refused,
    estates,
    ids::{PersonId, UnitId},
};
use authz::{Caller, Denied};
use db::Db;
use money::Currency;

/// Every line of a unit and its spaces for a month, as the rules compute it now; residents see
/// their own lines.
pub(crate) async fn explain(
    db: &Db,
    caller: &Caller,
    unit: UnitId,
    month: BillingMonth,
) -> Result<(Currency, Vec<Planned>), Refused> {
    let scope = db.read(caller.tenant()).await?;
    let unit = estates::unit(&scope, unit).await?.ok_or(Denied::Hidden)?;
    let permit = caller.read(BILL_READ, unit.estate)?;
    if permit.zone().is_some_and(|zone| !zone.contains(&unit.building.as_uuid())) {
        return Err(Denied::Hidden.into());
    }
    let estate = estates::find(&scope, unit.estate).await?.ok_or(Denied::Hidden)?;
    let sites = plan::unit_sites(&scope, vec![unit]).await?;
    let person = permit.own_person().map(PersonId::from_uuid);
    if person.is_some_and(|own| !sites.iter().any(|site| pays(site, own))) {
        return Err(Denied::Hidden.into());
    }
    let wanted = Wanted { estate: &estate, sites: &sites, start: month, again: Some(vec![month]) };
    let mut lines = plan::plan(&scope, &wanted).await?.lines;
    lines.retain(|line| person.is_none_or(|own| line.debtor.party == own));
    Ok((estate.currency, lines))
}

fn pays(site: &super::Site, person: PersonId) -> bool {
    site.payers.iter().any(|payer| payer.debtor.party == person)
}
