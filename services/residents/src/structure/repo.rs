//! Buildings, entrances and units in the database.

use super::{Building, EntranceId, Unit, UnitState, Visible};
use contracts::{
    BuildingId, MAX_BATCH, UnitId,
    residents::{UnitFact, UnitUse, UnitsChanged},
};
use db::{StorageError, TenantScope, tenant_owned};
use ids::EstateId;
use money::Area;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, Condition};
use std::collections::HashMap;
use uuid::Uuid;

mod building {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "buildings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub code: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod entrance {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "entrances")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub building_id: Uuid,
        pub code: String,
        pub floors: Option<i64>,
        pub lift: Option<bool>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

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
        pub entrance_code: String,
        pub number: String,
        pub label: String,
        pub floor: Option<i64>,
        pub layout: Option<String>,
        pub gross_area: i64,
        pub net_area: Option<i64>,
        pub used_as: String,
        pub state: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(building, entrance, unit);

/// An entrance as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entrance {
    /// The entrance.
    pub id: EntranceId,
    /// Its building.
    pub building: BuildingId,
    /// Its number.
    pub code: String,
    /// Floors above ground.
    pub floors: Option<i64>,
    /// Whether it has a lift.
    pub lift: Option<bool>,
}

const fn use_text(used_as: UnitUse) -> &'static str {
    match used_as {
        UnitUse::Residential => "residential",
        UnitUse::Shop => "shop",
        UnitUse::Office => "office",
        UnitUse::Other => "other",
    }
}

fn stored_use(text: &str) -> UnitUse {
    let known = [UnitUse::Residential, UnitUse::Shop, UnitUse::Office];
    known.into_iter().find(|used_as| use_text(*used_as) == text).unwrap_or(UnitUse::Other)
}

impl From<building::Model> for Building {
    fn from(row: building::Model) -> Self {
        let (id, estate) = (BuildingId::from_uuid(row.id), EstateId::from_uuid(row.estate_id));
        Self { id, estate, code: row.code }
    }
}

impl From<unit::Model> for Unit {
    fn from(row: unit::Model) -> Self {
        Self {
            id: UnitId::from_uuid(row.id),
            estate: EstateId::from_uuid(row.estate_id),
            building: BuildingId::from_uuid(row.building_id),
            building_code: row.building_code,
            entrance_code: row.entrance_code,
            number: row.number,
            label: row.label,
            floor: row.floor,
            layout: row.layout,
            gross_area: Area(row.gross_area),
            net_area: row.net_area.map(Area),
            used_as: stored_use(&row.used_as),
            state: UnitState::from_stored(&row.state),
        }
    }
}

fn unit_row(unit: &Unit) -> unit::ActiveModel {
    unit::ActiveModel {
        id: Set(unit.id.as_uuid()),
        estate_id: Set(unit.estate.as_uuid()),
        building_id: Set(unit.building.as_uuid()),
        building_code: Set(unit.building_code.clone()),
        entrance_code: Set(unit.entrance_code.clone()),
        number: Set(unit.number.clone()),
        label: Set(unit.label.clone()),
        floor: Set(unit.floor),
        layout: Set(unit.layout.clone()),
        gross_area: Set(unit.gross_area.0),
        net_area: Set(unit.net_area.map(|area| area.0)),
        used_as: Set(use_text(unit.used_as).to_owned()),
        state: Set(unit.state.as_str().to_owned()),
        ..Default::default()
    }
}

/// Writes units whole, new or known by id, and tells the other services.
///
/// # Errors
/// When a label is taken by another unit, or writing fails.
pub async fn save_units(
    scope: &TenantScope,
    estate: EstateId,
    units: &[Unit],
) -> Result<(), StorageError> {
    use unit::Column as C;
    let changed = [
        C::BuildingId,
        C::BuildingCode,
        C::EntranceCode,
        C::Number,
        C::Label,
        C::Floor,
        C::Layout,
        C::GrossArea,
        C::NetArea,
        C::UsedAs,
        C::State,
    ];
    let rows: Vec<_> = units.iter().map(unit_row).collect();
    scope.upsert(rows, [C::TenantId, C::Id], changed).await?;
    for batch in units.chunks(MAX_BATCH) {
        let fact = |unit: &Unit| UnitFact {
            unit: unit.id,
            building: unit.building,
            building_code: unit.building_code.clone(),
            label: unit.label.clone(),
            gross_area: unit.gross_area,
            used_as: unit.used_as,
        };
        let event = UnitsChanged { estate, units: batch.iter().map(fact).collect() };
        events::publish(scope, &event).await?;
    }
    Ok(())
}

/// Units by id, whatever their estate; who asks must filter.
///
/// # Errors
/// When reading fails.
pub async fn units_by_id(
    scope: &TenantScope,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Unit>, StorageError> {
    let rows = scope.find::<unit::Entity>().filter_in(unit::Column::Id, ids).all().await?;
    Ok(rows.into_iter().map(Unit::from).collect())
}

/// Units of an estate by label.
///
/// # Errors
/// When reading fails.
pub async fn units_by_label(
    scope: &TenantScope,
    estate: EstateId,
    labels: impl IntoIterator<Item = String>,
) -> Result<HashMap<String, Unit>, StorageError> {
    let rows = scope
        .find::<unit::Entity>()
        .filter(unit::Column::EstateId.eq(estate.as_uuid()))
        .filter_in(unit::Column::Label, labels);
    Ok(rows.all().await?.into_iter().map(|row| (row.label.clone(), row.into())).collect())
}

/// A page of the units a caller may see, by label.
///
/// # Errors
/// When reading fails.
pub async fn page(
    scope: &TenantScope,
    visible: &Visible,
    building: Option<BuildingId>,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<Unit>, StorageError> {
    let mut seen = Condition::all().add(unit::Column::EstateId.eq(visible.estate.as_uuid()));
    if let Some(zone) = &visible.buildings {
        seen = seen.add(scope.among(unit::Column::BuildingId, zone.iter().copied()));
    }
    if let Some(own) = &visible.units {
        seen = seen.add(scope.among(unit::Column::Id, own.iter().copied()));
    }
    let rows = scope
        .find::<unit::Entity>()
        .filter(seen)
        .filter_by(building, |id| unit::Column::BuildingId.eq(id.as_uuid()))
        .filter_by(after, |label| unit::Column::Label.gt(label))
        .asc(unit::Column::Label)
        .limit(limit);
    Ok(rows.all().await?.into_iter().map(Unit::from).collect())
}

/// The buildings of an estate.
///
/// # Errors
/// When reading fails.
pub async fn buildings(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<Vec<Building>, StorageError> {
    let rows = scope
        .find::<building::Entity>()
        .filter(building::Column::EstateId.eq(estate.as_uuid()))
        .asc(building::Column::Code);
    Ok(rows.all().await?.into_iter().map(Building::from).collect())
}

/// The entrances of buildings.
///
/// # Errors
/// When reading fails.
pub async fn entrances(
    scope: &TenantScope,
    buildings: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Entrance>, StorageError> {
    let rows = scope
        .find::<entrance::Entity>()
        .filter_in(entrance::Column::BuildingId, buildings)
        .asc(entrance::Column::Code);
    let entrance = |row: entrance::Model| Entrance {
        id: EntranceId::from_uuid(row.id),
        building: BuildingId::from_uuid(row.building_id),
        code: row.code,
        floors: row.floors,
        lift: row.lift,
    };
    Ok(rows.all().await?.into_iter().map(entrance).collect())
}

/// Adds the buildings that are missing and returns all of the estate by code.
///
/// # Errors
/// When writing fails.
pub async fn ensure_buildings(
    scope: &TenantScope,
    estate: EstateId,
    codes: impl IntoIterator<Item = String>,
) -> Result<HashMap<String, BuildingId>, StorageError> {
    use building::Column as C;
    let rows = codes.into_iter().map(|code| building::ActiveModel {
        id: Set(scope.new_id()),
        estate_id: Set(estate.as_uuid()),
        code: Set(code),
        ..Default::default()
    });
    scope.insert_missing(rows.collect::<Vec<_>>(), [C::TenantId, C::EstateId, C::Code]).await?;
    let all = buildings(scope, estate).await?;
    Ok(all.into_iter().map(|building| (building.code, building.id)).collect())
}

/// Adds or updates entrances by building and code.
///
/// # Errors
/// When writing fails.
pub async fn save_entrances(
    scope: &TenantScope,
    entrances: impl IntoIterator<Item = Entrance>,
) -> Result<(), StorageError> {
    use entrance::Column as C;
    let rows = entrances.into_iter().map(|entrance| entrance::ActiveModel {
        id: Set(entrance.id.as_uuid()),
        building_id: Set(entrance.building.as_uuid()),
        code: Set(entrance.code),
        floors: Set(entrance.floors),
        lift: Set(entrance.lift),
        ..Default::default()
    });
    let rows: Vec<_> = rows.collect();
    let key = [C::TenantId, C::BuildingId, C::Code];
    scope.upsert(rows, key, [C::Floors, C::Lift]).await
}

/// How many units an estate has.
///
/// # Errors
/// When reading fails.
pub async fn count(scope: &TenantScope, estate: EstateId) -> Result<u64, StorageError> {
    let rows = scope.find::<unit::Entity>().filter(unit::Column::EstateId.eq(estate.as_uuid()));
    rows.count().await
}
