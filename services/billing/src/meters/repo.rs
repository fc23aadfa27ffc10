//! Rows of meters and readings.

use super::domain::{Meter, MeterKind, Metered, Reading, ReadingSource, Removal};
use crate::{
    charges::Quantity,
    ids::{BuildingId, FeeItemId, MeterId, ReadingId, UnitId, UserId},
};
use chrono::NaiveDate;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

mod meter {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "meters")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub place_id: Option<Uuid>,
        pub is_space: bool,
        pub building_id: Option<Uuid>,
        pub kind: String,
        pub serial: String,
        pub multiplier: i64,
        pub digits: i32,
        pub item_id: Option<Uuid>,
        pub installed_on: Date,
        pub installed_reading: i64,
        pub used_before: i64,
        pub removed_on: Option<Date>,
        pub removed_reading: Option<i64>,
        pub removed_rollover: bool,
        pub replaces: Option<Uuid>,
        pub created_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod reading {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "meter_readings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub meter_id: Uuid,
        pub day: Date,
        pub revision: i32,
        pub value: i64,
        pub rollover: bool,
        pub source: String,
        pub estimated: bool,
        pub note: Option<String>,
        pub reason: Option<String>,
        pub by_user: Uuid,
        pub at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(meter, reading);

/// The meter.
pub(super) async fn find(scope: &TenantScope, id: MeterId) -> Result<Option<Meter>, StorageError> {
    let found = scope.find::<meter::Entity>().filter(meter::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(read_meter).transpose()
}

/// The meter, held until the transaction ends: whoever reads or changes it takes turns.
pub(super) async fn lock(scope: &TenantScope, id: MeterId) -> Result<Option<Meter>, StorageError> {
    let found = scope.find::<meter::Entity>().filter(meter::Column::Id.eq(id.as_uuid()));
    found.lock().one().await?.map(read_meter).transpose()
}

/// The meters of an estate with these numbers that stand.
pub(super) async fn by_serial(
    scope: &TenantScope,
    estate: EstateId,
    serials: impl IntoIterator<Item = String>,
) -> Result<Vec<Meter>, StorageError> {
    use meter::Column as C;
    let found = scope
        .find::<meter::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(C::RemovedOn.is_null())
        .filter_in(C::Serial, serials);
    found.all().await?.into_iter().map(read_meter).collect()
}

/// As [`by_serial`], held until the transaction ends.
pub(super) async fn lock_by_serial(
    scope: &TenantScope,
    estate: EstateId,
    serials: impl IntoIterator<Item = String>,
) -> Result<Vec<Meter>, StorageError> {
    use meter::Column as C;
    let found = scope
        .find::<meter::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(C::RemovedOn.is_null())
        .filter_in(C::Serial, serials)
        .asc(C::Id)
        .lock();
    found.all().await?.into_iter().map(read_meter).collect()
}

/// Some meters, each held until the transaction ends.
pub(super) async fn lock_all(
    scope: &TenantScope,
    ids: &[MeterId],
) -> Result<Vec<Meter>, StorageError> {
    use meter::Column as C;
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(500) {
        let rows = scope
            .find::<meter::Entity>()
            .filter_in(C::Id, part.iter().map(|meter| meter.as_uuid()))
            .asc(C::Id)
            .lock();
        for row in rows.all().await? {
            found.push(read_meter(row)?);
        }
    }
    Ok(found)
}

/// Every charged meter of an estate, with the readings that stand.
pub(super) async fn charged_in(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<Vec<Metered>, StorageError> {
    use meter::Column as C;
    let rows = scope
        .find::<meter::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(C::ItemId.is_not_null())
        .filter(C::PlaceId.is_not_null())
        .asc(C::Id);
    let meters = rows.all().await?.into_iter().map(read_meter).collect::<Result<_, _>>()?;
    with_readings(scope, meters).await
}

/// A page of an estate's meters, oldest first, those of some buildings.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    (kind, zone): (Option<MeterKind>, Option<Vec<Uuid>>),
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Meter>, StorageError> {
    use meter::Column as C;
    let kind = kind.map(stored::word).transpose()?;
    let found = scope
        .find::<meter::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(kind, |kind| C::Kind.eq(kind))
        .filter_by(zone, |zone| scope.among(C::BuildingId, zone))
        .filter_by(after, |after| C::Id.gt(after));
    found.asc(C::Id).limit(limit).all().await?.into_iter().map(read_meter).collect()
}

/// Every meter of some units, removed ones too.
pub(super) async fn of_units(
    scope: &TenantScope,
    units: &[UnitId],
) -> Result<Vec<Meter>, StorageError> {
    use meter::Column as C;
    let ids = units.iter().map(|unit| unit.as_uuid());
    let found = scope.find::<meter::Entity>().filter_in(C::PlaceId, ids).asc(C::Id);
    found.all().await?.into_iter().map(read_meter).collect()
}

/// The meters of some units and spaces that are charged, with the readings that stand.
pub(crate) async fn charged_at(
    scope: &TenantScope,
    estate: EstateId,
    places: &[UnitId],
) -> Result<Vec<Metered>, StorageError> {
    use meter::Column as C;
    let mut found = Vec::new();
    for part in places.chunks(500) {
        let rows = scope
            .find::<meter::Entity>()
            .filter(C::EstateId.eq(estate.as_uuid()))
            .filter(C::ItemId.is_not_null())
            .filter_in(C::PlaceId, part.iter().map(|place| place.as_uuid()))
            .asc(C::Id);
        for row in rows.all().await? {
            found.push(read_meter(row)?);
        }
    }
    with_readings(scope, found).await
}

/// The meters of a kind at units and spaces of an estate, with the readings that stand.
pub(crate) async fn counted_at(
    scope: &TenantScope,
    estate: EstateId,
    kind: MeterKind,
) -> Result<Vec<Metered>, StorageError> {
    use meter::Column as C;
    let rows = scope
        .find::<meter::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(C::Kind.eq(stored::word(kind)?))
        .filter(C::PlaceId.is_not_null())
        .asc(C::Id);
    let meters = rows.all().await?.into_iter().map(read_meter).collect::<Result<_, _>>()?;
    with_readings(scope, meters).await
}

/// One meter and those it took the place of, with the readings that stand.
pub(super) async fn chain_of(
    scope: &TenantScope,
    last: Meter,
) -> Result<Vec<Metered>, StorageError> {
    let mut meters = vec![last];
    while let Some(before) = meters.last().and_then(|it| it.replaces) {
        let Some(before) = find(scope, before).await? else { break };
        meters.push(before);
    }
    meters.reverse();
    with_readings(scope, meters).await
}

/// Meters with the readings that stand.
pub(super) async fn with_readings(
    scope: &TenantScope,
    meters: Vec<Meter>,
) -> Result<Vec<Metered>, StorageError> {
    let ids: Vec<MeterId> = meters.iter().map(|meter| meter.id).collect();
    let mut readings = readings_of(scope, &ids).await?;
    let one = |meter: Meter| Metered {
        readings: standing(readings.remove(&meter.id).unwrap_or_default()),
        meter,
    };
    Ok(meters.into_iter().map(one).collect())
}

/// Every reading of some meters by day and revision, those that were corrected too.
pub(super) async fn readings_of(
    scope: &TenantScope,
    meters: &[MeterId],
) -> Result<HashMap<MeterId, Vec<Reading>>, StorageError> {
    use reading::Column as C;
    let mut found: HashMap<MeterId, Vec<Reading>> = HashMap::new();
    for part in meters.chunks(500) {
        let ids = part.iter().map(|meter| meter.as_uuid());
        let rows =
            scope.find::<reading::Entity>().filter_in(C::MeterId, ids).asc(C::Day).asc(C::Revision);
        for row in rows.all().await? {
            let reading = read_reading(row)?;
            found.entry(reading.meter).or_default().push(reading);
        }
    }
    Ok(found)
}

/// The last revision of each day but those that are taken back.
pub(super) fn standing(all: Vec<Reading>) -> Vec<Reading> {
    let mut by_day: BTreeMap<NaiveDate, Reading> = BTreeMap::new();
    for reading in all {
        by_day.insert(reading.day, reading);
    }
    by_day.retain(|_, reading| reading.source != ReadingSource::Withdrawn);
    by_day.into_values().collect()
}

/// The reading.
pub(super) async fn find_reading(
    scope: &TenantScope,
    id: ReadingId,
) -> Result<Option<Reading>, StorageError> {
    let found = scope.find::<reading::Entity>().filter(reading::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(read_reading).transpose()
}

pub(super) async fn insert(scope: &TenantScope, new: &Meter) -> Result<(), StorageError> {
    let row = meter::ActiveModel {
        id: Set(new.id.as_uuid()),
        estate_id: Set(new.estate.as_uuid()),
        place_id: Set(new.place.map(UnitId::as_uuid)),
        is_space: Set(new.is_space),
        building_id: Set(new.building.map(BuildingId::as_uuid)),
        kind: Set(stored::word(new.kind)?),
        serial: Set(new.serial.clone()),
        multiplier: Set(new.multiplier),
        digits: Set(i32::try_from(new.digits).unwrap_or(9)),
        item_id: Set(new.item.map(FeeItemId::as_uuid)),
        installed_on: Set(new.installed_on),
        installed_reading: Set(new.installed_reading.0),
        used_before: Set(new.used_before.0),
        removed_on: Set(None),
        removed_reading: Set(None),
        removed_rollover: Set(false),
        replaces: Set(new.replaces.map(MeterId::as_uuid)),
        created_at: Set(scope.now()),
        ..Default::default()
    };
    scope.insert(row).await
}

/// Notes how a meter ended.
pub(super) async fn remove(
    scope: &TenantScope,
    id: MeterId,
    end: Removal,
) -> Result<(), StorageError> {
    use meter::Column as C;
    let update = scope
        .update::<meter::Entity>()
        .filter(C::Id.eq(id.as_uuid()))
        .set(C::RemovedOn, end.on)
        .set(C::RemovedReading, end.reading.0)
        .set(C::RemovedRollover, end.rollover);
    update.exec().await.map(drop)
}

/// Adds readings; one of a day that was taken back is a revision of that day.
pub(super) async fn insert_readings(
    scope: &TenantScope,
    new: &[Reading],
) -> Result<(), StorageError> {
    let gone = withdrawn(scope, new).await?;
    let revision = |it: &Reading| match it.revision {
        0 => gone.get(&(it.meter, it.day)).map_or(0, |last| last + 1),
        later => later,
    };
    let rows: Result<Vec<_>, StorageError> = new
        .iter()
        .map(|new| {
            Ok(reading::ActiveModel {
                id: Set(new.id.as_uuid()),
                meter_id: Set(new.meter.as_uuid()),
                day: Set(new.day),
                revision: Set(revision(new)),
                value: Set(new.value.0),
                rollover: Set(new.rollover),
                source: Set(stored::word(new.source)?),
                estimated: Set(new.estimated),
                note: Set(new.note.clone()),
                reason: Set(new.reason.clone()),
                by_user: Set(new.by.as_uuid()),
                at: Set(new.at),
                ..Default::default()
            })
        })
        .collect();
    scope.insert_all(rows?).await
}

/// The last revisions of the days of these readings that are taken back.
async fn withdrawn(
    scope: &TenantScope,
    of: &[Reading],
) -> Result<HashMap<(MeterId, NaiveDate), i32>, StorageError> {
    use reading::Column as C;
    let mut found = HashMap::new();
    for part in of.chunks(500) {
        let rows = scope
            .find::<reading::Entity>()
            .filter(C::Source.eq(stored::word(ReadingSource::Withdrawn)?))
            .filter_in(C::MeterId, part.iter().map(|it| it.meter.as_uuid()))
            .asc(C::Revision);
        for row in rows.all().await? {
            found.insert((MeterId::from_uuid(row.meter_id), row.day), row.revision);
        }
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct Charged {
    n: i64,
}

/// Whether something is charged, on a bill that stands, of what a supply counted after a day.
pub(super) async fn charged_after(
    scope: &TenantScope,
    source: &str,
    day: NaiveDate,
) -> Result<bool, StorageError> {
    let sql = "SELECT COUNT(*) AS n FROM charges c JOIN bills b \
               ON b.tenant_id = c.tenant_id AND b.id = c.bill_id \
               WHERE c.tenant_id = $1 AND c.source = $2 AND c.to_day > $3 AND b.voided_on IS NULL";
    let rows: Vec<Charged> = scope.rows(sql, [source.into(), day.into()]).await?;
    Ok(rows.first().is_some_and(|row| row.n > 0))
}

#[derive(FromQueryResult)]
struct Found {
    id: Uuid,
}

/// Those of some units to which a person belongs on a day, and spaces the person has.
pub(crate) async fn lived_in(
    scope: &TenantScope,
    places: &[UnitId],
    person: Uuid,
    on: NaiveDate,
) -> Result<HashSet<UnitId>, StorageError> {
    let mut values = vec![person.into(), on.into()];
    let among = scope.one_of(&mut values, places.iter().map(|place| place.as_uuid()));
    let spaces = scope.one_of(&mut values, places.iter().map(|place| place.as_uuid()));
    let sql = format!(
        "SELECT unit_id AS id FROM unit_members WHERE tenant_id = $1 AND person_id = $2 \
         AND from_day <= $3 AND (to_day IS NULL OR to_day >= $3) AND unit_id {among} \
         UNION ALL SELECT id FROM parking_spaces WHERE tenant_id = $1 \
         AND holder_id = $2 AND id {spaces}"
    );
    let rows: Vec<Found> = scope.rows(&sql, values).await?;
    Ok(rows.iter().map(|row| UnitId::from_uuid(row.id)).collect())
}

/// The building of a unit, or of the unit a space belongs to.
pub(super) async fn building_of(
    scope: &TenantScope,
    place: UnitId,
) -> Result<Option<BuildingId>, StorageError> {
    let sql = "SELECT building_id AS id FROM units WHERE tenant_id = $1 AND id = $2 \
               UNION ALL SELECT u.building_id AS id FROM parking_spaces p JOIN units u \
               ON u.tenant_id = p.tenant_id AND u.id = p.unit_id \
               WHERE p.tenant_id = $1 AND p.id = $2";
    let rows: Vec<Found> = scope.rows(sql, [place.as_uuid().into()]).await?;
    Ok(rows.first().map(|row| BuildingId::from_uuid(row.id)))
}

fn read_meter(row: meter::Model) -> Result<Meter, StorageError> {
    let removed = row.removed_on.zip(row.removed_reading);
    Ok(Meter {
        id: MeterId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        place: row.place_id.map(UnitId::from_uuid),
        is_space: row.is_space,
        building: row.building_id.map(BuildingId::from_uuid),
        kind: stored::read_word(&row.kind)?,
        serial: row.serial,
        multiplier: row.multiplier,
        digits: u32::try_from(row.digits).map_err(|_| StorageError::unreadable("digits"))?,
        item: row.item_id.map(FeeItemId::from_uuid),
        installed_on: row.installed_on,
        installed_reading: Quantity(row.installed_reading),
        used_before: Quantity(row.used_before),
        removed: removed.map(|(on, reading)| Removal {
            on,
            reading: Quantity(reading),
            rollover: row.removed_rollover,
        }),
        replaces: row.replaces.map(MeterId::from_uuid),
    })
}

fn read_reading(row: reading::Model) -> Result<Reading, StorageError> {
    Ok(Reading {
        id: ReadingId::from_uuid(row.id),
        meter: MeterId::from_uuid(row.meter_id),
        day: row.day,
        revision: row.revision,
        value: Quantity(row.value),
        rollover: row.rollover,
        source: stored::read_word(&row.source)?,
        estimated: row.estimated,
        note: row.note,
        reason: row.reason,
        by: UserId::from_uuid(row.by_user),
        at: row.at,
    })
}
