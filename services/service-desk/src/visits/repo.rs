//! Plans, visits and promises in the database.

use super::{
    VisitId, VisitPromiseId,
    domain::{Promise, PromiseState, Visit},
};
use authz::UserId;
use chrono::NaiveDate;
use contracts::{BuildingId, UnitId};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, ExprTrait as _, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

mod plan {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "visit_plans")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub estate_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub month: Date,
        #[sea_orm(primary_key, auto_increment = false)]
        pub unit_id: Uuid,
        pub officer_id: Uuid,
        pub building_id: Uuid,
        pub label: String,
        pub planned_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod visit {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "visits")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub unit_id: Uuid,
        pub building_id: Uuid,
        pub officer_id: Uuid,
        pub day: Date,
        pub who: String,
        pub topics: String,
        pub mood: String,
        pub needs: Option<String>,
        pub recorded_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod promise {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "visit_promises")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub visit_id: Uuid,
        pub estate_id: Uuid,
        pub unit_id: Uuid,
        pub building_id: Uuid,
        pub officer_id: Uuid,
        pub promise: String,
        pub due: Date,
        pub state: String,
        pub note: Option<String>,
        pub settled_by: Option<Uuid>,
        pub settled_at: Option<DateTimeUtc>,
        pub version: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(plan, visit, promise);

/// Which part of an estate somebody sees.
pub(super) type Place<'p> = (EstateId, Option<&'p [Uuid]>);

/// A home that an officer is to call on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Planned {
    pub unit: UnitId,
    pub building: BuildingId,
    pub label: String,
    pub officer: UserId,
}

/// Keeps a month of an officer.
pub(super) async fn insert_plan(
    scope: &TenantScope,
    (estate, month): (EstateId, NaiveDate),
    homes: &[Planned],
) -> Result<(), StorageError> {
    let rows = homes.iter().map(|it| plan::ActiveModel {
        estate_id: Set(estate.as_uuid()),
        month: Set(month),
        unit_id: Set(it.unit.as_uuid()),
        officer_id: Set(it.officer.as_uuid()),
        building_id: Set(it.building.as_uuid()),
        label: Set(it.label.clone()),
        planned_at: Set(scope.now()),
        ..Default::default()
    });
    scope.insert_all(rows.collect::<Vec<_>>()).await
}

/// A home in a month of an estate.
pub(super) type HomeOf = (EstateId, NaiveDate, UnitId);

/// Whether somebody is to call on a home in a month.
pub(super) async fn is_planned(
    scope: &TenantScope,
    (estate, month, unit): HomeOf,
) -> Result<bool, StorageError> {
    use plan::Column as C;
    let rows = scope.find::<plan::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    let rows = rows.filter(C::Month.eq(month)).filter(C::UnitId.eq(unit.as_uuid())).lock();
    Ok(rows.one().await?.is_some())
}

/// Somebody else is to call on it.
pub(super) async fn give_plan(
    scope: &TenantScope,
    (estate, month, unit): HomeOf,
    officer: UserId,
) -> Result<(), StorageError> {
    use plan::Column as C;
    let rows = scope.update::<plan::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    let rows = rows.filter(C::Month.eq(month)).filter(C::UnitId.eq(unit.as_uuid()));
    rows.set(C::OfficerId, officer.as_uuid()).exec().await.map(drop)
}

/// Nobody is to call on it.
pub(super) async fn drop_plan(
    scope: &TenantScope,
    (estate, month, unit): HomeOf,
) -> Result<(), StorageError> {
    use plan::Column as C;
    let rows = scope.delete::<plan::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    let rows = rows.filter(C::Month.eq(month)).filter(C::UnitId.eq(unit.as_uuid()));
    rows.exec().await.map(drop)
}

/// The plans of a month by label.
pub(super) async fn plans(
    scope: &TenantScope,
    (estate, buildings): Place<'_>,
    (month, officer): (NaiveDate, Option<UserId>),
    page: Option<(Option<(String, Uuid)>, u64)>,
) -> Result<Vec<Planned>, StorageError> {
    use plan::Column as C;
    let (after, limit) = page.unwrap_or((None, u64::from(u32::MAX)));
    let rows = scope
        .find::<plan::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(C::Month.eq(month))
        .filter_by(buildings, |ids| scope.among(C::BuildingId, ids.iter().copied()))
        .filter_by(officer, |officer| C::OfficerId.eq(officer.as_uuid()))
        .filter_by(after, |(label, unit)| {
            C::Label.gt(label.clone()).or(C::Label.eq(label).and(C::UnitId.gt(unit)))
        })
        .asc(C::Label)
        .asc(C::UnitId)
        .limit(limit);
    let one = |row: plan::Model| Planned {
        unit: UnitId::from_uuid(row.unit_id),
        building: BuildingId::from_uuid(row.building_id),
        label: row.label,
        officer: UserId::from_uuid(row.officer_id),
    };
    Ok(rows.all().await?.into_iter().map(one).collect())
}

/// Adds a visit.
pub(super) async fn insert(scope: &TenantScope, it: &Visit) -> Result<(), StorageError> {
    let row = visit::ActiveModel {
        id: Set(it.id.as_uuid()),
        estate_id: Set(it.estate.as_uuid()),
        unit_id: Set(it.unit.as_uuid()),
        building_id: Set(it.building.as_uuid()),
        officer_id: Set(it.officer.as_uuid()),
        day: Set(it.day),
        who: Set(it.who.clone()),
        topics: Set(stored::json(&it.topics)?),
        mood: Set(stored::word(it.mood)?),
        needs: Set(it.needs.clone()),
        recorded_at: Set(it.recorded_at),
        ..Default::default()
    };
    scope.insert(row).await
}

fn read_visit(row: visit::Model) -> Result<Visit, StorageError> {
    Ok(Visit {
        id: VisitId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        unit: UnitId::from_uuid(row.unit_id),
        building: BuildingId::from_uuid(row.building_id),
        officer: UserId::from_uuid(row.officer_id),
        day: row.day,
        who: row.who,
        topics: stored::read_json(&row.topics)?,
        mood: stored::read_word(&row.mood)?,
        needs: row.needs,
        recorded_at: row.recorded_at,
    })
}

/// A page of visits, the latest entered first.
pub(super) async fn visits(
    scope: &TenantScope,
    (estate, buildings): Place<'_>,
    (unit, officer): (Option<UnitId>, Option<UserId>),
    (before, limit): (Option<Uuid>, u64),
) -> Result<Vec<Visit>, StorageError> {
    use visit::Column as C;
    let rows = scope
        .find::<visit::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(buildings, |ids| scope.among(C::BuildingId, ids.iter().copied()))
        .filter_by(unit, |unit| C::UnitId.eq(unit.as_uuid()))
        .filter_by(officer, |officer| C::OfficerId.eq(officer.as_uuid()))
        .filter_by(before, |before| C::Id.lt(before))
        .desc(C::Id)
        .limit(limit);
    rows.all().await?.into_iter().map(read_visit).collect()
}

/// A visit by id.
pub(super) async fn find(scope: &TenantScope, id: VisitId) -> Result<Option<Visit>, StorageError> {
    let rows = scope.find::<visit::Entity>().filter(visit::Column::Id.eq(id.as_uuid()));
    rows.one().await?.map(read_visit).transpose()
}

/// Visits of a home by an officer.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Made {
    pub unit_id: Uuid,
    pub building_id: Uuid,
    pub officer_id: Uuid,
    pub times: i64,
    pub last: NaiveDate,
}

/// How often each officer was in each home from one day to another, both included.
pub(super) async fn made(
    scope: &TenantScope,
    estate: EstateId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Made>, StorageError> {
    let sql = "SELECT unit_id, building_id, officer_id, COUNT(*) AS times, MAX(day) AS last \
               FROM visits WHERE tenant_id = $1 AND estate_id = $2 AND day >= $3 AND day <= $4 \
               GROUP BY unit_id, building_id, officer_id";
    scope.rows(sql, [estate.as_uuid().into(), from.into(), to.into()]).await
}

/// The last visit to each home of an estate.
pub(super) async fn last(
    scope: &TenantScope,
    estate: EstateId,
    until: NaiveDate,
) -> Result<HashMap<UnitId, NaiveDate>, StorageError> {
    let mut last: HashMap<UnitId, NaiveDate> = HashMap::new();
    for it in made(scope, estate, (NaiveDate::default(), until)).await? {
        let day = last.entry(UnitId::from_uuid(it.unit_id)).or_insert(it.last);
        *day = std::cmp::max(it.last, *day);
    }
    Ok(last)
}

/// Adds a promise.
pub(super) async fn insert_promise(scope: &TenantScope, it: &Promise) -> Result<(), StorageError> {
    let row = promise::ActiveModel {
        id: Set(it.id.as_uuid()),
        visit_id: Set(it.visit.as_uuid()),
        estate_id: Set(it.estate.as_uuid()),
        unit_id: Set(it.unit.as_uuid()),
        building_id: Set(it.building.as_uuid()),
        officer_id: Set(it.officer.as_uuid()),
        promise: Set(it.text.clone()),
        due: Set(it.due),
        state: Set(stored::word(it.state)?),
        note: Set(None),
        settled_by: Set(None),
        settled_at: Set(None),
        version: Set(it.version),
        ..Default::default()
    };
    scope.insert(row).await
}

fn read_promise(row: promise::Model) -> Result<Promise, StorageError> {
    Ok(Promise {
        id: VisitPromiseId::from_uuid(row.id),
        visit: VisitId::from_uuid(row.visit_id),
        estate: EstateId::from_uuid(row.estate_id),
        unit: UnitId::from_uuid(row.unit_id),
        building: BuildingId::from_uuid(row.building_id),
        officer: UserId::from_uuid(row.officer_id),
        text: row.promise,
        due: row.due,
        state: stored::read_word(&row.state)?,
        note: row.note,
        settled_by: row.settled_by.map(UserId::from_uuid),
        settled_at: row.settled_at,
        version: row.version,
    })
}

/// A promise by id.
pub(super) async fn promise(
    scope: &TenantScope,
    id: VisitPromiseId,
) -> Result<Option<Promise>, StorageError> {
    let rows = scope.find::<promise::Entity>().filter(promise::Column::Id.eq(id.as_uuid()));
    rows.one().await?.map(read_promise).transpose()
}

/// Writes what became of a promise over the version before its own; whether that was the version.
pub(super) async fn settle(scope: &TenantScope, it: &Promise) -> Result<bool, StorageError> {
    use promise::Column as C;
    let rows = scope.update::<promise::Entity>().filter(C::Id.eq(it.id.as_uuid()));
    let set = rows
        .filter(C::Version.eq(it.version - 1))
        .set(C::State, stored::word(it.state)?)
        .set(C::Note, it.note.clone())
        .set(C::SettledBy, it.settled_by.map(UserId::as_uuid))
        .set(C::SettledAt, it.settled_at)
        .set(C::Version, it.version);
    Ok(set.exec().await? > 0)
}

/// A page of promises, the earliest due first.
pub(super) async fn promises(
    scope: &TenantScope,
    (estate, buildings): Place<'_>,
    (state, overdue): (Option<PromiseState>, Option<NaiveDate>),
    (after, limit): (Option<(NaiveDate, Uuid)>, u64),
) -> Result<Vec<Promise>, StorageError> {
    use promise::Column as C;
    let rows = scope
        .find::<promise::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(buildings, |ids| scope.among(C::BuildingId, ids.iter().copied()))
        .filter_by(state.map(stored::word).transpose()?, |state| C::State.eq(state))
        .filter_by(overdue, |today| C::Due.lt(today))
        .filter_by(after, |(due, id)| C::Due.gt(due).or(C::Due.eq(due).and(C::Id.gt(id))))
        .asc(C::Due)
        .asc(C::Id)
        .limit(limit);
    rows.all().await?.into_iter().map(read_promise).collect()
}
