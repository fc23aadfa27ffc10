//! Registering, replacing and removing meters.

use super::{
    METER_MANAGE, METER_READ,
    domain::{self, Meter, MeterKind, Reading, Removal},
    repo,
};
use crate::{
    charges::Quantity,
    error::Refused,
    estates,
    fees::{self, Scope},
    ids::{BuildingId, FeeItemId, MeterId, UnitId},
    say,
};
use authz::{AuditFact, Caller, Denied, keyed};
use chrono::NaiveDate;
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use ids::EstateId;

/// A meter to register.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct NewMeter {
    pub(crate) estate: EstateId,
    pub(crate) place: Option<UnitId>,
    pub(crate) is_space: bool,
    pub(crate) building: Option<BuildingId>,
    pub(crate) kind: MeterKind,
    pub(crate) serial: String,
    pub(crate) multiplier: i64,
    pub(crate) digits: u32,
    pub(crate) item: Option<FeeItemId>,
    pub(crate) installed_on: NaiveDate,
    pub(crate) installed_reading: Quantity,
    pub(crate) used_before: Quantity,
}

/// Enters a meter; its number is unused among those of its kind that stand.
#[tracing::instrument(name = "usecase.meters.register", skip_all, fields(estate.id = %new.estate))]
pub(crate) async fn register(
    db: &Db,
    caller: &Caller,
    new: NewMeter,
    key: &IdempotencyKey,
) -> Result<MeterId, Refused> {
    let permit = caller.act(METER_MANAGE, METER_READ, new.estate)?;
    let (actor, input) = (caller.clone(), new.clone());
    keyed(db, caller, "register_meter", key, &input, move |scope| {
        Box::pin(async move {
            let estate = estates::find(scope, permit.estate()).await?.ok_or(Denied::Hidden)?;
            let place = Scope { building: new.building, unit: new.place, unit_use: None };
            if !fees::repo::is_in_estate(scope, estate.id, &place).await? {
                return Err(Denied::Hidden.into());
            }
            let building = match new.place {
                Some(place) => repo::building_of(scope, place).await?,
                None => new.building,
            };
            if let Some(item) = new.item {
                let item = fees::find_item(scope, item).await?.ok_or(Denied::Hidden)?;
                if item.estate != estate.id {
                    return Err(Denied::Hidden.into());
                }
                if new.place.is_none() {
                    return Err(Invalid::new("feeItemId", say::shared_meter_not_charged()).into());
                }
            }
            let today = estate.today(scope.clock());
            if new.installed_on > today {
                return Err(Invalid::new("installedOn", say::not_in_future()).into());
            }
            let meter = Meter {
                id: MeterId::from_uuid(scope.new_id()),
                estate: estate.id,
                place: new.place,
                is_space: new.is_space,
                building,
                kind: new.kind,
                serial: new.serial.trim().to_owned(),
                multiplier: new.multiplier,
                digits: new.digits,
                item: new.item,
                installed_on: new.installed_on,
                installed_reading: new.installed_reading,
                used_before: new.used_before,
                removed: None,
                replaces: None,
            };
            keep(scope, &actor, meter.checked()?, "meter.registered").await
        })
    })
    .await
}

async fn keep(
    scope: &TenantScope,
    caller: &Caller,
    meter: Meter,
    action: &'static str,
) -> Result<MeterId, Refused> {
    let same = repo::by_serial(scope, meter.estate, [meter.serial.clone()]).await?;
    if same.iter().any(|other| other.kind == meter.kind) {
        return Err(Invalid::new("serial", expected::unused()).into());
    }
    repo::insert(scope, &meter).await?;
    let fact = AuditFact {
        action,
        object: meter.id.to_string(),
        estate: Some(meter.estate),
        reason: None,
        detail: serde_json::json!({ "serial": meter.serial, "kind": meter.kind,
            "reading": meter.installed_reading, "on": meter.installed_on,
            "replaces": meter.replaces.map(|it| it.to_string()) }),
    };
    authz::audit(scope, caller, fact).await?;
    Ok(meter.id)
}

/// How a meter ends, and what takes its place.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct EndMeter {
    pub(crate) meter: MeterId,
    pub(crate) on: NaiveDate,
    pub(crate) reading: Quantity,
    pub(crate) rollover: bool,
    pub(crate) successor: Option<Successor>,
}

/// The meter that takes another's place.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct Successor {
    pub(crate) serial: String,
    pub(crate) multiplier: i64,
    pub(crate) digits: u32,
    pub(crate) reading: Quantity,
}

/// Removes a meter; answers the one that took its place, or else the removed one.
#[tracing::instrument(name = "usecase.meters.end", skip_all, fields(meter.id = %end.meter))]
pub(crate) async fn end(
    db: &Db,
    caller: &Caller,
    end: EndMeter,
    key: &IdempotencyKey,
) -> Result<MeterId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let found = repo::find(&scope, end.meter).await?.ok_or(Denied::Hidden)?;
    caller.act(METER_MANAGE, METER_READ, found.estate)?;
    drop(scope);
    let (actor, input) = (caller.clone(), end.clone());
    let operation = if end.successor.is_some() { "replace_meter" } else { "remove_meter" };
    keyed(db, caller, operation, key, &input, move |scope| {
        Box::pin(async move { end_once(scope, &actor, end).await })
    })
    .await
}

async fn end_once(scope: &TenantScope, caller: &Caller, end: EndMeter) -> Result<MeterId, Refused> {
    let meter = repo::lock(scope, end.meter).await?.ok_or(Denied::Hidden)?;
    let estate = estates::find(scope, meter.estate).await?.ok_or(Denied::Hidden)?;
    if meter.removed.is_some() {
        return Err(Refused::Conflict(say::meter_removed()));
    }
    let mut chain = repo::chain_of(scope, meter.clone()).await?;
    let last = chain.last().and_then(|it| it.readings.last().map(|it| it.day));
    let last = last.unwrap_or(meter.installed_on);
    if end.on < last || end.on > estate.today(scope.clock()) {
        return Err(Invalid::new("day", say::reading_day(last)).into());
    }
    let removal = Removal { on: end.on, reading: end.reading, rollover: end.rollover };
    if let Some(metered) = chain.last_mut() {
        metered.meter.removed = Some(removal);
        let of_that_day = |it: &&Reading| it.day == end.on;
        if let Some(read) = metered.readings.iter().find(of_that_day)
            && read.value != end.reading
        {
            return Err(Invalid::new("reading", say::read_otherwise(read.value.to_string())).into());
        }
    }
    domain::periods(&chain).map_err(|wrong| match Invalid::from(wrong) {
        wrong if wrong.field == "value" => Invalid::new("reading", wrong.reason),
        wrong => wrong,
    })?;
    repo::remove(scope, meter.id, removal).await?;
    let fact = AuditFact {
        action: "meter.removed",
        object: meter.id.to_string(),
        estate: Some(meter.estate),
        reason: None,
        detail: serde_json::json!({ "on": end.on, "reading": end.reading }),
    };
    authz::audit(scope, caller, fact).await?;
    let Some(new) = end.successor else { return Ok(meter.id) };
    let successor = Meter {
        id: MeterId::from_uuid(scope.new_id()),
        serial: new.serial.trim().to_owned(),
        multiplier: new.multiplier,
        digits: new.digits,
        installed_on: end.on,
        installed_reading: new.reading,
        used_before: Quantity::ZERO,
        removed: None,
        replaces: Some(meter.id),
        ..meter
    };
    keep(scope, caller, successor.checked()?, "meter.registered").await
}
