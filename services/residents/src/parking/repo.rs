//! Parking spaces and vehicles in the database.

use super::{Space, Vehicle, VehicleId};
use crate::people;
use contracts::{
    MAX_BATCH, ParkingSpaceId, PersonId, UnitId,
    residents::{ParkingSpaceFact, ParkingSpacesChanged},
};
use db::{StorageError, TenantScope, tenant_owned};
use ids::EstateId;
use money::Area;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::collections::HashMap;
use uuid::Uuid;

mod space {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "parking_spaces")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub lot: String,
        pub code: String,
        pub kind: Option<String>,
        pub area: Option<i64>,
        pub tenure: Option<String>,
        pub holder_id: Option<Uuid>,
        pub unit_id: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod vehicle {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "vehicles")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub plate: String,
        pub brand: Option<String>,
        pub kind: Option<String>,
        pub colour: Option<String>,
        pub holder_id: Option<Uuid>,
        pub space_id: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(space, vehicle);

impl From<space::Model> for Space {
    fn from(row: space::Model) -> Self {
        Self {
            id: ParkingSpaceId::from_uuid(row.id),
            estate: EstateId::from_uuid(row.estate_id),
            lot: row.lot,
            code: row.code,
            kind: row.kind,
            area: row.area.map(Area),
            tenure: row.tenure,
            holder: row.holder_id.map(PersonId::from_uuid),
            unit: row.unit_id.map(UnitId::from_uuid),
        }
    }
}

impl From<vehicle::Model> for Vehicle {
    fn from(row: vehicle::Model) -> Self {
        Self {
            id: VehicleId::from_uuid(row.id),
            estate: EstateId::from_uuid(row.estate_id),
            plate: row.plate,
            brand: row.brand,
            kind: row.kind,
            colour: row.colour,
            holder: row.holder_id.map(PersonId::from_uuid),
            space: row.space_id.map(ParkingSpaceId::from_uuid),
        }
    }
}

/// Writes spaces whole and tells the other services.
///
/// # Errors
/// When writing fails.
pub async fn save_spaces(
    scope: &TenantScope,
    estate: EstateId,
    spaces: &[Space],
) -> Result<(), StorageError> {
    use space::Column as C;
    let rows = spaces.iter().map(|space| space::ActiveModel {
        id: Set(space.id.as_uuid()),
        estate_id: Set(estate.as_uuid()),
        lot: Set(space.lot.clone()),
        code: Set(space.code.clone()),
        kind: Set(space.kind.clone()),
        area: Set(space.area.map(|area| area.0)),
        tenure: Set(space.tenure.clone()),
        holder_id: Set(space.holder.map(PersonId::as_uuid)),
        unit_id: Set(space.unit.map(UnitId::as_uuid)),
        ..Default::default()
    });
    let rows: Vec<_> = rows.collect();
    let changed = [C::Kind, C::Area, C::Tenure, C::HolderId, C::UnitId];
    scope.upsert(rows, [C::TenantId, C::Id], changed).await?;
    tell(scope, estate, spaces).await
}

/// Tells the other services again of what somebody holds: the name is told with it.
///
/// # Errors
/// When reading or writing fails.
pub async fn tell_of_holder(
    scope: &TenantScope,
    estate: EstateId,
    holder: PersonId,
) -> Result<(), StorageError> {
    let mut after = None;
    loop {
        let holders = Some(vec![holder.as_uuid()]);
        let spaces = page(scope, estate, holders, after, MAX_BATCH as u64).await?;
        let Some(last) = spaces.last() else { return Ok(()) };
        after = Some(last.id.as_uuid());
        tell(scope, estate, &spaces).await?;
    }
}

async fn tell(scope: &TenantScope, estate: EstateId, spaces: &[Space]) -> Result<(), StorageError> {
    for batch in spaces.chunks(MAX_BATCH) {
        let holders: Vec<PersonId> = batch.iter().filter_map(|space| space.holder).collect();
        let names = people::repo::names(scope, holders).await?;
        let fact = |space: &Space| ParkingSpaceFact {
            space: space.id,
            label: space.label(),
            holder: space.holder,
            holder_name: space.holder.and_then(|holder| names.get(&holder).cloned()),
            unit: space.unit,
        };
        let spaces = batch.iter().map(fact).collect();
        events::publish(scope, &ParkingSpacesChanged { estate, spaces }).await?;
    }
    Ok(())
}

/// Writes vehicles by plate.
///
/// # Errors
/// When writing fails.
pub async fn save_vehicles(scope: &TenantScope, vehicles: &[Vehicle]) -> Result<(), StorageError> {
    use vehicle::Column as C;
    let rows = vehicles.iter().map(|vehicle| vehicle::ActiveModel {
        id: Set(vehicle.id.as_uuid()),
        estate_id: Set(vehicle.estate.as_uuid()),
        plate: Set(vehicle.plate.clone()),
        brand: Set(vehicle.brand.clone()),
        kind: Set(vehicle.kind.clone()),
        colour: Set(vehicle.colour.clone()),
        holder_id: Set(vehicle.holder.map(PersonId::as_uuid)),
        space_id: Set(vehicle.space.map(ParkingSpaceId::as_uuid)),
        ..Default::default()
    });
    let rows: Vec<_> = rows.collect();
    let changed = [C::Brand, C::Kind, C::Colour, C::HolderId, C::SpaceId];
    scope.upsert(rows, [C::TenantId, C::EstateId, C::Plate], changed).await
}

/// An estate's spaces with these codes, by lot and code.
///
/// # Errors
/// When reading fails.
pub async fn spaces_by_code(
    scope: &TenantScope,
    estate: EstateId,
    codes: impl IntoIterator<Item = String>,
) -> Result<HashMap<(String, String), Space>, StorageError> {
    let rows = scope
        .find::<space::Entity>()
        .filter(space::Column::EstateId.eq(estate.as_uuid()))
        .filter_in(space::Column::Code, codes);
    let keyed = |row: space::Model| ((row.lot.clone(), row.code.clone()), Space::from(row));
    Ok(rows.all().await?.into_iter().map(keyed).collect())
}

/// A page of an estate's spaces by id; `holders` restricts it to theirs.
///
/// # Errors
/// When reading fails.
pub async fn page(
    scope: &TenantScope,
    estate: EstateId,
    holders: Option<Vec<Uuid>>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Space>, StorageError> {
    let rows = scope
        .find::<space::Entity>()
        .filter(space::Column::EstateId.eq(estate.as_uuid()))
        .filter_by(holders, |ids| scope.among(space::Column::HolderId, ids))
        .filter_by(after, |id| space::Column::Id.gt(id))
        .asc(space::Column::Id)
        .limit(limit);
    Ok(rows.all().await?.into_iter().map(Space::from).collect())
}

/// The vehicles of people.
///
/// # Errors
/// When reading fails.
pub async fn vehicles_of(
    scope: &TenantScope,
    people: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Vehicle>, StorageError> {
    let rows = scope
        .find::<vehicle::Entity>()
        .filter_in(vehicle::Column::HolderId, people)
        .asc(vehicle::Column::Plate);
    Ok(rows.all().await?.into_iter().map(Vehicle::from).collect())
}

/// The vehicles on spaces.
///
/// # Errors
/// When reading fails.
pub async fn vehicles_on(
    scope: &TenantScope,
    spaces: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Vehicle>, StorageError> {
    let rows = scope
        .find::<vehicle::Entity>()
        .filter_in(vehicle::Column::SpaceId, spaces)
        .asc(vehicle::Column::Plate);
    Ok(rows.all().await?.into_iter().map(Vehicle::from).collect())
}
