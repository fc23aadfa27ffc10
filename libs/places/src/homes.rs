//! Units and the people who belong to them: residents' facts.

use chrono::NaiveDate;
use contracts::{
    BuildingId, PersonId, UnitId,
    residents::{MemberKind, MembersChanged, PartyName, UnitsChanged},
};
use db::{Migration, StorageError, StoredEvent, TenantScope, tenant_owned};
use events::{Event, EventHandler, HandlerError, Subscription};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, sea_query::LikeExpr};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

mod unit {
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
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod member {
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
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(unit, member);

/// A unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// The estate.
    pub estate: EstateId,
    /// Its building.
    pub building: BuildingId,
    /// The building's code, e.g. `3`.
    pub building_code: String,
    /// Building-entrance-number, e.g. `3-1-1201`.
    pub label: String,
}

impl From<unit::Model> for Unit {
    fn from(row: unit::Model) -> Self {
        Self {
            id: UnitId::from_uuid(row.id),
            estate: EstateId::from_uuid(row.estate_id),
            building: BuildingId::from_uuid(row.building_id),
            building_code: row.building_code,
            label: row.label,
        }
    }
}

/// Somebody who belongs to a unit on some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The unit.
    pub unit: UnitId,
    /// The person.
    pub person: PersonId,
    /// Their name, in full and as staff see it.
    pub name: PartyName,
    /// In what capacity.
    pub kind: MemberKind,
    /// First day.
    pub from: NaiveDate,
    /// Last day; `None` while it lasts.
    pub to: Option<NaiveDate>,
}

impl Member {
    /// Whether they belong to the unit on this day.
    pub fn on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

fn kind_word(kind: MemberKind) -> &'static str {
    match kind {
        MemberKind::Developer => "DEVELOPER",
        MemberKind::Owner => "OWNER",
        MemberKind::Lessee => "LESSEE",
        MemberKind::Family => "FAMILY",
    }
}

fn member_of(row: member::Model) -> Result<Member, StorageError> {
    let kind = match row.kind.as_str() {
        "DEVELOPER" => MemberKind::Developer,
        "OWNER" => MemberKind::Owner,
        "LESSEE" => MemberKind::Lessee,
        "FAMILY" => MemberKind::Family,
        other => return Err(StorageError::unreadable(format!("a member who is {other}"))),
    };
    Ok(Member {
        unit: UnitId::from_uuid(row.unit_id),
        person: PersonId::from_uuid(row.person_id),
        name: PartyName { full: row.name, shown: row.shown_name },
        kind,
        from: row.from_day,
        to: row.to_day,
    })
}

/// The tables of units and their people.
pub const fn migration() -> Migration {
    Migration {
        name: "20261201000100_units_and_members",
        up: "
CREATE TABLE units (
    tenant_id     UUID NOT NULL,
    id            UUID NOT NULL,
    estate_id     UUID NOT NULL,
    building_id   UUID NOT NULL,
    building_code TEXT NOT NULL,
    label         TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX units_of_estate ON units (tenant_id, estate_id, label);
CREATE INDEX units_of_building ON units (tenant_id, building_id);
CREATE TABLE unit_members (
    tenant_id  UUID NOT NULL,
    unit_id    UUID NOT NULL,
    place      INTEGER NOT NULL,
    estate_id  UUID NOT NULL,
    person_id  UUID NOT NULL,
    name       TEXT NOT NULL,
    shown_name TEXT NOT NULL,
    kind       TEXT NOT NULL,
    from_day   DATE NOT NULL,
    to_day     DATE,
    PRIMARY KEY (tenant_id, unit_id, place)
);
CREATE INDEX unit_members_of_person ON unit_members (tenant_id, person_id);
",
        down: "DROP TABLE unit_members; DROP TABLE units;",
        tenant_tables: &["units", "unit_members"],
        append_only: &[],
        system_tables: &[],
    }
}

struct Keep;

#[async_trait::async_trait]
impl EventHandler for Keep {
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        match event.kind.as_str() {
            UnitsChanged::KIND => keep_units(scope, events::read(event)?).await?,
            MembersChanged::KIND => keep_members(scope, events::read(event)?).await?,
            other => return Err(HandlerError::Unreadable(format!("nobody takes in {other}"))),
        }
        Ok(())
    }
}

/// Follows residents' units and people.
pub fn subscriptions() -> [Subscription; 2] {
    [UnitsChanged::KIND, MembersChanged::KIND].map(|kind| Subscription {
        source: "residents",
        kind,
        handler: Arc::new(Keep),
    })
}

async fn keep_units(scope: &TenantScope, fact: UnitsChanged) -> Result<(), StorageError> {
    use unit::Column as C;
    let estate = fact.estate.as_uuid();
    let rows = fact.units.into_iter().map(|unit| unit::ActiveModel {
        id: Set(unit.unit.as_uuid()),
        estate_id: Set(estate),
        building_id: Set(unit.building.as_uuid()),
        building_code: Set(unit.building_code),
        label: Set(unit.label),
        ..Default::default()
    });
    let rows: Vec<_> = rows.collect();
    scope.upsert(rows, [C::TenantId, C::Id], [C::BuildingId, C::BuildingCode, C::Label]).await
}

/// The list of a unit is always whole: what was kept of it goes.
async fn keep_members(scope: &TenantScope, fact: MembersChanged) -> Result<(), StorageError> {
    let units = fact.units.iter().map(|unit| unit.unit.as_uuid());
    scope.delete::<member::Entity>().filter_in(member::Column::UnitId, units).exec().await?;
    let estate = fact.estate.as_uuid();
    let rows = fact.units.into_iter().flat_map(|unit| {
        let id = unit.unit.as_uuid();
        (0..).zip(unit.members).map(move |(place, fact)| member::ActiveModel {
            unit_id: Set(id),
            place: Set(place),
            estate_id: Set(estate),
            person_id: Set(fact.person.as_uuid()),
            name: Set(fact.name.full),
            shown_name: Set(fact.name.shown),
            kind: Set(kind_word(fact.kind).to_owned()),
            from_day: Set(fact.from),
            to_day: Set(fact.to),
            ..Default::default()
        })
    });
    scope.insert_all(rows.collect::<Vec<_>>()).await
}

/// The unit, if residents told of it.
///
/// # Errors
/// When reading fails.
pub async fn unit(scope: &TenantScope, id: UnitId) -> Result<Option<Unit>, StorageError> {
    let found = scope.find::<unit::Entity>().filter(unit::Column::Id.eq(id.as_uuid()));
    Ok(found.one().await?.map(Unit::from))
}

/// Units by id.
///
/// # Errors
/// When reading fails.
pub async fn units(
    scope: &TenantScope,
    ids: impl IntoIterator<Item = UnitId>,
) -> Result<HashMap<UnitId, Unit>, StorageError> {
    let ids = ids.into_iter().map(UnitId::as_uuid);
    let found = scope.find::<unit::Entity>().filter_in(unit::Column::Id, ids).all().await?;
    Ok(found.into_iter().map(|row| (UnitId::from_uuid(row.id), row.into())).collect())
}

/// Every unit of an estate by label, or those of some buildings.
///
/// # Errors
/// When reading fails.
pub async fn of_estate(
    scope: &TenantScope,
    estate: EstateId,
    buildings: Option<&[Uuid]>,
) -> Result<Vec<Unit>, StorageError> {
    let found = scope
        .find::<unit::Entity>()
        .filter(unit::Column::EstateId.eq(estate.as_uuid()))
        .filter_by(buildings, |ids| scope.among(unit::Column::BuildingId, ids.iter().copied()))
        .asc(unit::Column::Label);
    Ok(found.all().await?.into_iter().map(Unit::from).collect())
}

/// Units of an estate, or of some of its buildings, whose label begins so; by label.
///
/// # Errors
/// When reading fails.
pub async fn labelled(
    scope: &TenantScope,
    estate: EstateId,
    buildings: Option<&[Uuid]>,
    beginning: &str,
    limit: u64,
) -> Result<Vec<Unit>, StorageError> {
    let literal =
        beginning.to_uppercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let pattern = LikeExpr::new(format!("{literal}%")).escape('\\');
    let found = scope
        .find::<unit::Entity>()
        .filter(unit::Column::EstateId.eq(estate.as_uuid()))
        .filter_by(buildings, |ids| scope.among(unit::Column::BuildingId, ids.iter().copied()))
        .filter(unit::Column::Label.like(pattern))
        .asc(unit::Column::Label)
        .limit(limit);
    Ok(found.all().await?.into_iter().map(Unit::from).collect())
}

/// Everybody who belongs, belonged or will belong to these units.
///
/// # Errors
/// When reading fails.
pub async fn members(
    scope: &TenantScope,
    units: impl IntoIterator<Item = UnitId>,
) -> Result<Vec<Member>, StorageError> {
    let units = units.into_iter().map(UnitId::as_uuid);
    let found = scope.find::<member::Entity>().filter_in(member::Column::UnitId, units);
    let found = found.asc(member::Column::UnitId).asc(member::Column::Place);
    found.all().await?.into_iter().map(member_of).collect()
}

/// The ties of a person to units of an estate, of any day.
///
/// # Errors
/// When reading fails.
pub async fn of_person(
    scope: &TenantScope,
    estate: EstateId,
    person: PersonId,
) -> Result<Vec<Member>, StorageError> {
    let found = scope
        .find::<member::Entity>()
        .filter(member::Column::EstateId.eq(estate.as_uuid()))
        .filter(member::Column::PersonId.eq(person.as_uuid()));
    found.all().await?.into_iter().map(member_of).collect()
}

/// The ties of several people to units of an estate, of any day.
///
/// # Errors
/// When reading fails.
pub async fn of_people(
    scope: &TenantScope,
    estate: EstateId,
    people: impl IntoIterator<Item = PersonId>,
) -> Result<Vec<Member>, StorageError> {
    let found = scope
        .find::<member::Entity>()
        .filter(member::Column::EstateId.eq(estate.as_uuid()))
        .filter_in(member::Column::PersonId, people.into_iter().map(PersonId::as_uuid));
    found.all().await?.into_iter().map(member_of).collect()
}

/// What people are called, by any of their ties.
///
/// # Errors
/// When reading fails.
pub async fn names(
    scope: &TenantScope,
    people: impl IntoIterator<Item = PersonId>,
) -> Result<HashMap<PersonId, PartyName>, StorageError> {
    let people = people.into_iter().map(PersonId::as_uuid);
    let found = scope.find::<member::Entity>().filter_in(member::Column::PersonId, people);
    let named = found.all().await?.into_iter().map(|row| {
        let name = PartyName { full: row.name, shown: row.shown_name };
        (PersonId::from_uuid(row.person_id), name)
    });
    Ok(named.collect())
}
