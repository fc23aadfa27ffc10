//! Incidents in the database.

use super::super::IncidentId;
use authz::UserId;
use chrono::{DateTime, Utc};
use contracts::{BuildingId, UnitId};
use db::{StorageError, TenantScope, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::collections::HashMap;
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "incidents")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub category: String,
        pub message_zh: String,
        pub message_en: String,
        pub expected_end: Option<DateTimeUtc>,
        pub reported_by: Uuid,
        pub reported_at: DateTimeUtc,
        pub resolved_by: Option<Uuid>,
        pub resolved_at: Option<DateTimeUtc>,
        pub version: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod place {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "incident_places")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub incident_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub place: i32,
        pub building_id: Option<Uuid>,
        pub unit_id: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row, place);

/// One outage, many affected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Incident {
    pub id: IncidentId,
    pub estate: EstateId,
    pub category: String,
    pub message_zh: String,
    pub message_en: String,
    pub expected_end: Option<DateTime<Utc>>,
    pub reported_by: UserId,
    pub reported_at: DateTime<Utc>,
    pub resolved_at: Option<DateTime<Utc>>,
    pub version: i32,
    /// None and no unit: the whole estate.
    pub buildings: Vec<BuildingId>,
    pub units: Vec<UnitId>,
}

impl Incident {
    /// Whether it affects the whole estate.
    pub(super) fn is_everywhere(&self) -> bool {
        self.buildings.is_empty() && self.units.is_empty()
    }

    /// Whether a place is affected.
    pub(in super::super) fn affects(
        &self,
        building: Option<BuildingId>,
        unit: Option<UnitId>,
    ) -> bool {
        self.is_everywhere()
            || building.is_some_and(|building| self.buildings.contains(&building))
            || unit.is_some_and(|unit| self.units.contains(&unit))
    }
}

/// Adds an incident.
pub(super) async fn insert(scope: &TenantScope, new: &Incident) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        id: Set(new.id.as_uuid()),
        estate_id: Set(new.estate.as_uuid()),
        category: Set(new.category.clone()),
        message_zh: Set(new.message_zh.clone()),
        message_en: Set(new.message_en.clone()),
        expected_end: Set(new.expected_end),
        reported_by: Set(new.reported_by.as_uuid()),
        reported_at: Set(new.reported_at),
        resolved_by: Set(None),
        resolved_at: Set(None),
        version: Set(new.version),
        ..Default::default()
    };
    scope.insert(row).await?;
    affect(scope, new.id, 0, (&new.buildings, &new.units)).await
}

/// Adds places, numbered from one on.
async fn affect(
    scope: &TenantScope,
    incident: IncidentId,
    from: i32,
    (buildings, units): (&[BuildingId], &[UnitId]),
) -> Result<(), StorageError> {
    let buildings = buildings.iter().map(|building| (Some(building.as_uuid()), None));
    let units = units.iter().map(|unit| (None, Some(unit.as_uuid())));
    let rows =
        (from..).zip(buildings.chain(units)).map(|(number, (building, unit))| place::ActiveModel {
            incident_id: Set(incident.as_uuid()),
            place: Set(number),
            building_id: Set(building),
            unit_id: Set(unit),
            ..Default::default()
        });
    scope.insert_all(rows.collect::<Vec<_>>()).await
}

/// Writes what is otherwise of an incident of which a version was read, and the places that it has
/// more, its last ones; whether that was the last version.
pub(super) async fn extend(
    scope: &TenantScope,
    incident: &Incident,
    places: (&[BuildingId], &[UnitId]),
) -> Result<bool, StorageError> {
    use row::Column as C;
    let rows = scope.update::<row::Entity>().filter(C::Id.eq(incident.id.as_uuid()));
    let rows = rows.filter(C::Version.eq(incident.version));
    let rows = rows
        .set(C::Version, incident.version + 1)
        .set(C::MessageZh, incident.message_zh.clone())
        .set(C::MessageEn, incident.message_en.clone())
        .set(C::ExpectedEnd, incident.expected_end);
    let written = rows.exec().await? == 1;
    let all = incident.buildings.len() + incident.units.len();
    let so_far = all - places.0.len() - places.1.len();
    let from = i32::try_from(so_far).unwrap_or(i32::MAX);
    affect(scope, incident.id, from, places).await?;
    Ok(written)
}

/// Notes the end of an incident of which a version was read; whether that was the last one.
pub(super) async fn resolve(
    scope: &TenantScope,
    id: IncidentId,
    expected: i32,
    (by, at): (UserId, DateTime<Utc>),
) -> Result<bool, StorageError> {
    use row::Column as C;
    let rows = scope.update::<row::Entity>().filter(C::Id.eq(id.as_uuid()));
    let rows = rows.filter(C::Version.eq(expected)).set(C::Version, expected + 1);
    let rows = rows.set(C::ResolvedBy, by.as_uuid()).set(C::ResolvedAt, at);
    Ok(rows.exec().await? == 1)
}

async fn whole(scope: &TenantScope, rows: Vec<row::Model>) -> Result<Vec<Incident>, StorageError> {
    use place::Column as C;
    let places = scope.find::<place::Entity>();
    let places = places.filter_in(C::IncidentId, rows.iter().map(|row| row.id));
    let mut all: HashMap<Uuid, (Vec<BuildingId>, Vec<UnitId>)> = HashMap::new();
    for row in places.asc(C::IncidentId).asc(C::Place).all().await? {
        let of = all.entry(row.incident_id).or_default();
        of.0.extend(row.building_id.map(BuildingId::from_uuid));
        of.1.extend(row.unit_id.map(UnitId::from_uuid));
    }
    let one = |row: row::Model| {
        let (buildings, units) = all.remove(&row.id).unwrap_or_default();
        Incident {
            id: IncidentId::from_uuid(row.id),
            estate: EstateId::from_uuid(row.estate_id),
            category: row.category,
            message_zh: row.message_zh,
            message_en: row.message_en,
            expected_end: row.expected_end,
            reported_by: UserId::from_uuid(row.reported_by),
            reported_at: row.reported_at,
            resolved_at: row.resolved_at,
            version: row.version,
            buildings,
            units,
        }
    };
    Ok(rows.into_iter().map(one).collect())
}

/// Incidents by id.
pub(in super::super) async fn by_id(
    scope: &TenantScope,
    ids: impl IntoIterator<Item = IncidentId>,
) -> Result<HashMap<IncidentId, Incident>, StorageError> {
    let ids = ids.into_iter().map(IncidentId::as_uuid);
    let rows = scope.find::<row::Entity>().filter_in(row::Column::Id, ids).all().await?;
    Ok(whole(scope, rows).await?.into_iter().map(|one| (one.id, one)).collect())
}

/// One incident, held until the transaction ends.
pub(super) async fn lock(
    scope: &TenantScope,
    id: IncidentId,
) -> Result<Option<Incident>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    Ok(whole(scope, rows.lock().all().await?).await?.pop())
}

/// The incidents of an estate that are under way and affect a place, held against their end until
/// the transaction does; there are few.
pub(in super::super) async fn under_way(
    scope: &TenantScope,
    (estate, building, unit): (EstateId, Option<BuildingId>, Option<UnitId>),
) -> Result<Vec<Incident>, StorageError> {
    let rows = open(scope, estate);
    let mut all = whole(scope, rows.lock().all().await?).await?;
    all.retain(|one| one.affects(building, unit));
    Ok(all)
}

/// The same, only read.
pub(super) async fn affecting(
    scope: &TenantScope,
    (estate, building, unit): (EstateId, Option<BuildingId>, Option<UnitId>),
) -> Result<Vec<Incident>, StorageError> {
    let mut all = whole(scope, open(scope, estate).all().await?).await?;
    all.retain(|one| one.affects(building, unit));
    Ok(all)
}

fn open(
    scope: &TenantScope,
    estate: EstateId,
) -> db::Scoped<'_, row::Entity, sea_orm::Select<row::Entity>> {
    use row::Column as C;
    let rows = scope.find::<row::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    rows.filter(C::ResolvedAt.is_null()).desc(C::Id)
}

/// A page of the incidents of an estate, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    open: Option<bool>,
    after: Option<IncidentId>,
    limit: u64,
) -> Result<Vec<Incident>, StorageError> {
    use row::Column as C;
    let still = |open: bool| {
        if open { C::ResolvedAt.is_null() } else { C::ResolvedAt.is_not_null() }
    };
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(open, still)
        .filter_by(after, |last| C::Id.lt(last.as_uuid()))
        .desc(C::Id)
        .limit(limit);
    whole(scope, rows.all().await?).await
}
