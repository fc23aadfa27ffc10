//! Who may be calling: what was recorded of a phone before, and the households that fit.

use super::{
    CONTACT_READ, Contact,
    domain::checked_phone,
    repo::{self, Wanted},
};
use crate::Refused;
use authz::{Caller, EstateScope};
use chrono::NaiveDate;
use contracts::UnitId;
use db::{Db, TenantScope};
use errors::{expected, input};
use ids::EstateId;
use personal::{Keyring, digits};
use places::{
    estates,
    homes::{self, Member, Unit},
};
use std::collections::BTreeSet;

/// The most contacts and the most units that are shown.
const MOST: u64 = 20;

/// What may be behind a call.
#[derive(Clone, Debug, Default)]
pub(super) struct Recognised {
    /// What was recorded before of this phone, newest first.
    pub contacts: Vec<Contact>,
    /// The units that fit, by label, with the people who belong to them today.
    pub units: Vec<(Unit, Vec<Member>)>,
}

/// By the last four digits or all of a phone, by the beginning of a unit's label, or by both.
/// Phones of people who never called are residents' to search.
#[tracing::instrument(name = "usecase.contacts.recognise", skip_all)]
pub(super) async fn recognise(
    db: &Db,
    keys: &Keyring,
    caller: &Caller,
    estate: EstateId,
    (phone, label): (Option<&str>, Option<&str>),
) -> Result<Recognised, Refused> {
    let right = caller.read(CONTACT_READ, estate)?;
    if right.own_person().is_some() {
        return Err(Refused::not_found());
    }
    let label = label.map(|label| input::text("unitLabel", label, 40)).transpose()?;
    let mut wanted = Wanted::default();
    if let Some(phone) = phone {
        let plain = digits(&checked_phone(phone)?);
        match plain.len() {
            4 => wanted.phone_tail = Some(plain),
            7.. => {
                let key = keys.of(db, caller.tenant()).await?;
                wanted.phone_hash = Some(key.keyed_hash(&plain));
            }
            _ => return Err(Refused::invalid("phone", expected::length(4, 20))),
        }
    } else if label.is_none() {
        return Err(Refused::invalid("phone", expected::filled()));
    }
    let scope = db.read(caller.tenant()).await?;
    let contacts = match phone {
        Some(_) => repo::page(&scope, &right, wanted, MOST).await?,
        None => Vec::new(),
    };
    let today = estates::today(&scope, estate).await?;
    let units = units(&scope, &right, &contacts, (label.as_deref(), today)).await?;
    let units = peopled(&scope, units, today).await?;
    Ok(Recognised { contacts, units })
}

/// Units by label, and those that the contacts were about or whose people made them.
async fn units(
    scope: &TenantScope,
    right: &EstateScope,
    contacts: &[Contact],
    (label, today): (Option<&str>, NaiveDate),
) -> Result<Vec<Unit>, Refused> {
    let (estate, zone) = (right.estate(), right.zone());
    let mut units = match label {
        Some(label) => homes::labelled(scope, estate, zone, label, MOST).await?,
        None => Vec::new(),
    };
    let mut known: BTreeSet<UnitId> = contacts.iter().filter_map(|contact| contact.unit).collect();
    let people = contacts.iter().filter_map(|contact| contact.person);
    let ties = homes::of_people(scope, estate, people).await?;
    known.extend(ties.into_iter().filter(|tie| tie.on(today)).map(|tie| tie.unit));
    let near = |unit: &Unit| {
        unit.estate == estate && zone.is_none_or(|zone| zone.contains(&unit.building.as_uuid()))
    };
    units.extend(homes::units(scope, known).await?.into_values().filter(near));
    units.sort_by(|a, b| (&a.label, a.id).cmp(&(&b.label, b.id)));
    units.dedup_by_key(|unit| unit.id);
    Ok(units)
}

async fn peopled(
    scope: &TenantScope,
    units: Vec<Unit>,
    today: NaiveDate,
) -> Result<Vec<(Unit, Vec<Member>)>, Refused> {
    let members = homes::members(scope, units.iter().map(|unit| unit.id)).await?;
    let with = |unit: Unit| {
        let mine = members.iter().filter(|member| member.unit == unit.id && member.on(today));
        let mine = mine.cloned().collect();
        (unit, mine)
    };
    Ok(units.into_iter().map(with).collect())
}
