//! Rows of estates, units, people and spaces.

use super::domain::{Estate, Terms};
use crate::{charges::BillingMonth, stored};
use contracts::{
    identity::EstateChanged,
    residents::{MembersChanged, ParkingSpacesChanged, UnitsChanged},
};
use db::{StorageError, TenantScope, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};

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

/// As [`find`], and nobody else issues bills of the estate until the transaction ends.
pub async fn lock(scope: &TenantScope, id: EstateId) -> Result<Option<Estate>, StorageError> {
    let row = scope.find::<estate::Entity>().filter(estate::Column::Id.eq(id.as_uuid()));
    row.lock().one().await?.map(read).transpose()
}

fn read(row: estate::Model) -> Result<Estate, StorageError> {
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
    scope.delete::<member::Entity>().filter(member::Column::UnitId.is_in(units)).exec().await?;
    let mut rows = Vec::new();
    for unit in fact.units {
        for (place, person) in (0..).zip(unit.members) {
            rows.push(member::ActiveModel {
                unit_id: Set(unit.unit.as_uuid()),
                place: Set(place),
                estate_id: Set(fact.estate.as_uuid()),
                person_id: Set(person.person.as_uuid()),
                name: Set(person.name),
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
    let rows = fact.spaces.into_iter().map(|space| space::ActiveModel {
        id: Set(space.space.as_uuid()),
        estate_id: Set(estate),
        label: Set(space.label),
        holder_id: Set(space.holder.map(contracts::PersonId::as_uuid)),
        holder_name: Set(space.holder_name),
        unit_id: Set(space.unit.map(contracts::UnitId::as_uuid)),
        ..Default::default()
    });
    let changed = [C::EstateId, C::Label, C::HolderId, C::HolderName, C::UnitId];
    scope.upsert(rows, [C::TenantId, C::Id], changed).await
}
