//! Rows of estates, units, people and spaces.

use super::domain::{Estate, Payer, Space, Terms, Unit};
use crate::{
    charges::{BillingMonth, PayerKind},
    fees::UnitUse,
    ids::{BuildingId, ParkingSpaceId, PersonId, UnitId},
};
use contracts::{
    identity::EstateChanged,
    residents::{MemberKind, MembersChanged, ParkingSpacesChanged, PartyName, UnitsChanged},
};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use money::Area;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

pub(super) mod estate {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "estates")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub code: String,
        pub name: String,
        pub time_zone: String,
        pub currency: String,
        pub cycle: String,
        pub due: String,
        pub cut_over: Option<Date>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod unit {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "units")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub building_id: Uuid,
        pub building_code: String,
        pub label: String,
        pub area: i64,
        pub used_as: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod member {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "unit_members")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub unit_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub place: i32,
        pub estate_id: Uuid,
        pub person_id: Uuid,
        pub name: String,
        pub shown_name: String,
        pub kind: String,
        pub from_day: Date,
        pub to_day: Option<Date>,
        pub pays: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod space {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "parking_spaces")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub label: String,
        pub holder_id: Option<Uuid>,
        pub holder_name: Option<String>,
        pub holder_shown_name: Option<String>,
        pub unit_id: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(estate, unit, member, space);

/// The estate, if billing has heard of it.
pub async fn find(scope: &TenantScope, id: EstateId) -> Result<Option<Estate>, StorageError> {
    let row = scope.find::<estate::Entity>().filter(estate::Column::Id.eq(id.as_uuid())).one();
    row.await?.map(read).transpose()
}

/// Estates by their ids.
pub(crate) async fn by_id(
    scope: &TenantScope,
    ids: &[EstateId],
) -> Result<Vec<Estate>, StorageError> {
    let ids = ids.iter().map(|id| id.as_uuid());
    let found = scope.find::<estate::Entity>().filter_in(estate::Column::Id, ids);
    found.all().await?.into_iter().map(read).collect()
}

pub(super) fn read(row: estate::Model) -> Result<Estate, StorageError> {
    let wrong = |what: &str| StorageError::unreadable(format!("{what} of estate {}", row.id));
    let month = |day| BillingMonth::of(day).map_err(|_| wrong("cut-over"));
    Ok(Estate {
        id: EstateId::from_uuid(row.id),
        zone: row.time_zone.parse().map_err(|_| wrong("time zone"))?,
        currency: row.currency.parse().map_err(|_| wrong("currency"))?,
        terms: Terms { cycle: stored::read_word(&row.cycle)?, due: stored::read_json(&row.due)? },
        cut_over: row.cut_over.map(month).transpose()?,
        code: row.code,
        name: row.name,
    })
}

/// Sets the terms of accounts that have none of their own.
pub(crate) async fn set_terms(
    scope: &TenantScope,
    id: EstateId,
    terms: Terms,
) -> Result<(), StorageError> {
    use estate::Column as C;
    let update = scope
        .update::<estate::Entity>()
        .filter(C::Id.eq(id.as_uuid()))
        .set(C::Cycle, stored::word(terms.cycle)?)
        .set(C::Due, stored::json(terms.due)?);
    update.exec().await.map(drop)
}

/// Sets the month before which nothing is charged.
pub(crate) async fn set_cut_over(
    scope: &TenantScope,
    id: EstateId,
    month: BillingMonth,
) -> Result<(), StorageError> {
    let update = scope
        .update::<estate::Entity>()
        .filter(estate::Column::Id.eq(id.as_uuid()))
        .set(estate::Column::CutOver, month.first());
    update.exec().await.map(drop)
}

/// Takes in an estate's master data; its billing terms stay.
pub(super) async fn put_estate(
    scope: &TenantScope,
    fact: EstateChanged,
) -> Result<(), StorageError> {
    use estate::Column as C;
    let row = estate::ActiveModel {
        id: Set(fact.estate.as_uuid()),
        code: Set(fact.code),
        name: Set(fact.name),
        time_zone: Set(fact.time_zone),
        currency: Set(fact.currency),
        cycle: Set(stored::word(Terms::DEFAULT.cycle)?),
        due: Set(stored::json(Terms::DEFAULT.due)?),
        cut_over: Set(None),
        ..Default::default()
    };
    let changed = [C::Code, C::Name, C::TimeZone, C::Currency];
    scope.upsert([row], [C::TenantId, C::Id], changed).await
}

/// Takes in units.
pub(super) async fn put_units(scope: &TenantScope, fact: UnitsChanged) -> Result<(), StorageError> {
    use unit::Column as C;
    let estate = fact.estate.as_uuid();
    let row = |unit: contracts::residents::UnitFact| {
        Ok(unit::ActiveModel {
            id: Set(unit.unit.as_uuid()),
            estate_id: Set(estate),
            building_id: Set(unit.building.as_uuid()),
            building_code: Set(unit.building_code),
            label: Set(unit.label),
            area: Set(unit.gross_area.0),
            used_as: Set(stored::word(unit.used_as)?),
            ..Default::default()
        })
    };
    let rows: Vec<_> = fact.units.into_iter().map(row).collect::<Result<_, StorageError>>()?;
    let changed = [C::EstateId, C::BuildingId, C::BuildingCode, C::Label, C::Area, C::UsedAs];
    scope.upsert(rows, [C::TenantId, C::Id], changed).await
}

/// Takes in the people of units: what is said of a unit replaces what was said before.
pub(super) async fn put_members(
    scope: &TenantScope,
    fact: MembersChanged,
) -> Result<(), StorageError> {
    let units = fact.units.iter().map(|unit| unit.unit.as_uuid());
    scope.delete::<member::Entity>().filter_in(member::Column::UnitId, units).exec().await?;
    let mut rows = Vec::new();
    for unit in fact.units {
        for (place, person) in (0..).zip(unit.members) {
            rows.push(member::ActiveModel {
                unit_id: Set(unit.unit.as_uuid()),
                place: Set(place),
                estate_id: Set(fact.estate.as_uuid()),
                person_id: Set(person.person.as_uuid()),
                name: Set(person.name.full),
                shown_name: Set(person.name.shown),
                kind: Set(stored::word(person.kind)?),
                from_day: Set(person.from),
                to_day: Set(person.to),
                pays: Set(person.pays),
                ..Default::default()
            });
        }
    }
    scope.insert_all(rows).await
}

/// Takes in parking spaces.
pub(super) async fn put_spaces(
    scope: &TenantScope,
    fact: ParkingSpacesChanged,
) -> Result<(), StorageError> {
    use space::Column as C;
    let estate = fact.estate.as_uuid();
    let rows = fact.spaces.into_iter().map(|space| {
        let (name, shown) = space.holder_name.map(|name| (name.full, name.shown)).unzip();
        space::ActiveModel {
            id: Set(space.space.as_uuid()),
            estate_id: Set(estate),
            label: Set(space.label),
            holder_id: Set(space.holder.map(PersonId::as_uuid)),
            holder_name: Set(name),
            holder_shown_name: Set(shown),
            unit_id: Set(space.unit.map(UnitId::as_uuid)),
            ..Default::default()
        }
    });
    let changed =
        [C::EstateId, C::Label, C::HolderId, C::HolderName, C::HolderShownName, C::UnitId];
    scope.upsert(rows, [C::TenantId, C::Id], changed).await
}

/// One unit.
pub(crate) async fn unit(scope: &TenantScope, id: UnitId) -> Result<Option<Unit>, StorageError> {
    let found = scope.find::<unit::Entity>().filter(unit::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(read_unit).transpose()
}

/// Units by their ids.
pub(crate) async fn units_by_id(
    scope: &TenantScope,
    ids: impl IntoIterator<Item = UnitId>,
) -> Result<Vec<Unit>, StorageError> {
    let ids = ids.into_iter().map(UnitId::as_uuid);
    let found = scope.find::<unit::Entity>().filter_in(unit::Column::Id, ids);
    found.all().await?.into_iter().map(read_unit).collect()
}

#[derive(FromQueryResult)]
struct BuildingRow {
    building_code: String,
    building_id: Uuid,
}

/// The buildings of an estate that have units, by their codes.
pub(crate) async fn buildings(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<Vec<(String, BuildingId)>, StorageError> {
    let sql = "SELECT DISTINCT building_code, building_id FROM units WHERE tenant_id = $1 AND estate_id = $2";
    let rows: Vec<BuildingRow> = scope.rows(sql, [estate.as_uuid().into()]).await?;
    let pair = |row: BuildingRow| (row.building_code, BuildingId::from_uuid(row.building_id));
    Ok(rows.into_iter().map(pair).collect())
}

/// Units of an estate by their labels.
pub(crate) async fn units_by_label(
    scope: &TenantScope,
    estate: EstateId,
    labels: impl IntoIterator<Item = String>,
) -> Result<HashMap<String, UnitId>, StorageError> {
    let rows = scope
        .find::<unit::Entity>()
        .filter(unit::Column::EstateId.eq(estate.as_uuid()))
        .filter_in(unit::Column::Label, labels);
    let rows = rows.all().await?.into_iter();
    Ok(rows.map(|row| (row.label, UnitId::from_uuid(row.id))).collect())
}

/// Parking spaces of an estate by their labels, in the form in which prices name them.
pub(crate) async fn spaces_by_label(
    scope: &TenantScope,
    estate: EstateId,
    labels: impl IntoIterator<Item = String>,
) -> Result<HashMap<String, UnitId>, StorageError> {
    let rows = scope
        .find::<space::Entity>()
        .filter(space::Column::EstateId.eq(estate.as_uuid()))
        .filter_in(space::Column::Label, labels);
    let rows = rows.all().await?.into_iter();
    Ok(rows.map(|row| (row.label, UnitId::from_uuid(row.id))).collect())
}

/// A page of an estate's units in order of their ids.
pub(crate) async fn units_page(
    scope: &TenantScope,
    estate: EstateId,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Unit>, StorageError> {
    let found = scope
        .find::<unit::Entity>()
        .filter(unit::Column::EstateId.eq(estate.as_uuid()))
        .filter_by(after, |after| unit::Column::Id.gt(after));
    found.asc(unit::Column::Id).limit(limit).all().await?.into_iter().map(read_unit).collect()
}

/// Everybody who is charged for one of the units on some day.
pub(crate) async fn payers_of(
    scope: &TenantScope,
    units: &[UnitId],
) -> Result<Vec<Payer>, StorageError> {
    use member::Column as C;
    let mut payers = Vec::new();
    for part in units.chunks(500) {
        let found = scope
            .find::<member::Entity>()
            .filter_in(C::UnitId, part.iter().map(|unit| unit.as_uuid()))
            .filter(C::Pays.eq(true))
            .asc(C::UnitId)
            .asc(C::Place);
        for row in found.all().await? {
            payers.push(read_payer(row)?);
        }
    }
    Ok(payers)
}

/// The parking spaces that are charged with one of the units.
pub(crate) async fn spaces_of_units(
    scope: &TenantScope,
    units: &[UnitId],
) -> Result<Vec<Space>, StorageError> {
    let mut spaces = Vec::new();
    for part in units.chunks(500) {
        let ids = part.iter().map(|unit| unit.as_uuid());
        let found = scope.find::<space::Entity>().filter_in(space::Column::UnitId, ids);
        spaces.extend(found.asc(space::Column::Id).all().await?.into_iter().map(read_space));
    }
    Ok(spaces)
}

#[derive(FromQueryResult)]
struct Found {
    id: Uuid,
}

/// A page of those who have spaces that belong to no unit, in order of their ids.
pub(crate) async fn holders_page(
    scope: &TenantScope,
    estate: EstateId,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Uuid>, StorageError> {
    let sql = "SELECT DISTINCT holder_id AS id FROM parking_spaces WHERE tenant_id = $1 \
               AND estate_id = $2 AND unit_id IS NULL AND holder_id > $3 ORDER BY holder_id LIMIT $4";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values = [estate.as_uuid().into(), after.unwrap_or(Uuid::nil()).into(), limit.into()];
    let rows: Vec<Found> = scope.rows(sql, values).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Whether a person ever belonged to a unit of an estate or had a parking space there.
pub(crate) async fn knows(
    scope: &TenantScope,
    estate: EstateId,
    person: Uuid,
) -> Result<bool, StorageError> {
    let sql = "SELECT person_id AS id FROM unit_members WHERE tenant_id = $1 AND estate_id = $2 \
               AND person_id = $3 UNION ALL SELECT holder_id AS id FROM parking_spaces \
               WHERE tenant_id = $1 AND estate_id = $2 AND holder_id = $3 LIMIT 1";
    let rows: Vec<Found> = scope.rows(sql, [estate.as_uuid().into(), person.into()]).await?;
    Ok(!rows.is_empty())
}

/// Those of some units to which a person belongs or ever belonged.
pub(crate) async fn homes(
    scope: &TenantScope,
    units: &[UnitId],
    person: Uuid,
) -> Result<HashSet<UnitId>, StorageError> {
    use member::Column as C;
    let found = scope
        .find::<member::Entity>()
        .filter_in(C::UnitId, units.iter().map(|unit| unit.as_uuid()))
        .filter(C::PersonId.eq(person));
    Ok(found.all().await?.into_iter().map(|row| UnitId::from_uuid(row.unit_id)).collect())
}

/// The spaces of these holders that belong to no unit.
pub(crate) async fn spaces_of_holders(
    scope: &TenantScope,
    estate: EstateId,
    holders: &[Uuid],
) -> Result<Vec<Space>, StorageError> {
    use space::Column as C;
    let found = scope
        .find::<space::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(C::UnitId.is_null())
        .filter_in(C::HolderId, holders.iter().copied())
        .asc(C::Id);
    Ok(found.all().await?.into_iter().map(read_space).collect())
}

#[derive(FromQueryResult)]
struct Count {
    n: i64,
}

/// How many units and holders of other spaces a run goes over.
pub(crate) async fn site_count(scope: &TenantScope, estate: EstateId) -> Result<i64, StorageError> {
    let sql = "SELECT (SELECT COUNT(*) FROM units WHERE tenant_id = $1 AND estate_id = $2) + \
               (SELECT COUNT(DISTINCT holder_id) FROM parking_spaces WHERE tenant_id = $1 \
                AND estate_id = $2 AND unit_id IS NULL) AS n";
    let rows: Vec<Count> = scope.rows(sql, [estate.as_uuid().into()]).await?;
    Ok(rows.first().map_or(0, |row| row.n))
}

fn read_unit(row: unit::Model) -> Result<Unit, StorageError> {
    Ok(Unit {
        id: UnitId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        building: BuildingId::from_uuid(row.building_id),
        label: row.label,
        area: Area(row.area),
        used_as: match stored::read_word::<contracts::residents::UnitUse>(&row.used_as)? {
            contracts::residents::UnitUse::Residential => UnitUse::Home,
            contracts::residents::UnitUse::Shop => UnitUse::Shop,
            contracts::residents::UnitUse::Office => UnitUse::Office,
            contracts::residents::UnitUse::Other => UnitUse::Other,
        },
    })
}

fn read_payer(row: member::Model) -> Result<Payer, StorageError> {
    Ok(Payer {
        unit: UnitId::from_uuid(row.unit_id),
        person: PersonId::from_uuid(row.person_id),
        name: PartyName { full: row.name, shown: row.shown_name },
        kind: match stored::read_word::<MemberKind>(&row.kind)? {
            MemberKind::Developer => PayerKind::Developer,
            MemberKind::Owner => PayerKind::Owner,
            MemberKind::Lessee | MemberKind::Family => PayerKind::Lessee,
        },
        from: row.from_day,
        to: row.to_day,
    })
}

pub(super) fn read_space(row: space::Model) -> Space {
    let name = PartyName {
        full: row.holder_name.unwrap_or_default(),
        shown: row.holder_shown_name.unwrap_or_else(|| "*".to_owned()),
    };
    Space {
        id: ParkingSpaceId::from_uuid(row.id),
        label: row.label,
        holder: row.holder_id.map(|id| (PersonId::from_uuid(id), name)),
        unit: row.unit_id.map(UnitId::from_uuid),
    }
}
