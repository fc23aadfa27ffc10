//! Which units were told to be in arrears, and which are.

use crate::ids::{BillId, UnitId};
use chrono::NaiveDate;
use contracts::MAX_BATCH;
use db::{DbKind, StorageError, TenantScope, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use std::collections::BTreeSet;
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "units_in_arrears")]
    #[expect(clippy::struct_field_names, reason = "a row of keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub unit_id: Uuid,
        pub estate_id: Uuid,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// Of which unit a bill is.
pub(super) struct Place {
    pub unit: UnitId,
    pub estate: EstateId,
    pub due: NaiveDate,
    /// Whether the unit was told to be in arrears.
    pub told: bool,
}

#[derive(FromQueryResult)]
struct PlaceRow {
    unit_id: Uuid,
    estate_id: Uuid,
    due: NaiveDate,
    told: Option<Uuid>,
}

/// The unit of a bill, if it is for one.
pub(super) async fn place_of(
    scope: &TenantScope,
    bill: BillId,
) -> Result<Option<Place>, StorageError> {
    let sql = "SELECT b.unit_id, b.estate_id, b.due, a.unit_id AS told FROM bills b \
        LEFT JOIN units_in_arrears a ON a.tenant_id = b.tenant_id AND a.unit_id = b.unit_id \
        WHERE b.tenant_id = $1 AND b.id = $2 AND b.unit_id IS NOT NULL";
    let rows: Vec<PlaceRow> = scope.rows(sql, [bill.as_uuid().into()]).await?;
    Ok(rows.into_iter().next().map(|row| Place {
        unit: UnitId::from_uuid(row.unit_id),
        estate: EstateId::from_uuid(row.estate_id),
        due: row.due,
        told: row.told.is_some(),
    }))
}

/// Whether a unit was told to be in arrears; if it was, nobody else tells of it until the
/// transaction ends.
pub(super) async fn hold(scope: &TenantScope, unit: UnitId) -> Result<bool, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::UnitId.eq(unit.as_uuid()));
    Ok(found.lock().one().await?.is_some())
}

#[derive(FromQueryResult)]
struct Found {
    unit_id: Uuid,
}

/// Whether a bill of the unit is unpaid after the day on which it was due.
pub(super) async fn is_behind(
    scope: &TenantScope,
    unit: UnitId,
    today: NaiveDate,
) -> Result<bool, StorageError> {
    let sql = "SELECT unit_id FROM bills WHERE tenant_id = $1 AND unit_id = $2 AND due < $3 \
        AND voided_on IS NULL AND settled < total LIMIT 1";
    let rows: Vec<Found> = scope.rows(sql, [unit.as_uuid().into(), today.into()]).await?;
    Ok(!rows.is_empty())
}

/// Some units of an estate that are in arrears and were not told to be. Their bills are held: who
/// pays one meanwhile finds the unit told of. Those that are being paid are left to who pays.
pub(super) async fn beginning(
    scope: &TenantScope,
    estate: EstateId,
    today: NaiveDate,
) -> Result<Vec<UnitId>, StorageError> {
    let sql = "SELECT b.unit_id FROM bills b WHERE b.tenant_id = $1 AND b.estate_id = $2 \
        AND b.unit_id IS NOT NULL AND b.due < $3 AND b.voided_on IS NULL AND b.settled < b.total \
        AND NOT EXISTS (SELECT 1 FROM units_in_arrears a WHERE a.tenant_id = b.tenant_id \
        AND a.unit_id = b.unit_id) LIMIT $4";
    some(scope, (sql, "b"), estate, today).await
}

/// Those of some units that were not told to be in arrears.
pub(super) async fn untold(
    scope: &TenantScope,
    mut units: Vec<UnitId>,
) -> Result<Vec<UnitId>, StorageError> {
    let ids = units.iter().map(|unit| unit.as_uuid());
    let found = scope.find::<row::Entity>().filter_in(row::Column::UnitId, ids).all().await?;
    let told: BTreeSet<Uuid> = found.into_iter().map(|row| row.unit_id).collect();
    units.retain(|unit| !told.contains(&unit.as_uuid()));
    Ok(units)
}

/// Some units of an estate that were told to be in arrears and are not.
pub(super) async fn ceasing(
    scope: &TenantScope,
    estate: EstateId,
    today: NaiveDate,
) -> Result<Vec<UnitId>, StorageError> {
    let sql = "SELECT a.unit_id FROM units_in_arrears a WHERE a.tenant_id = $1 AND a.estate_id = $2 \
        AND NOT EXISTS (SELECT 1 FROM bills b WHERE b.tenant_id = a.tenant_id \
        AND b.unit_id = a.unit_id AND b.due < $3 AND b.voided_on IS NULL \
        AND b.settled < b.total) LIMIT $4";
    some(scope, (sql, "a"), estate, today).await
}

async fn some(
    scope: &TenantScope,
    (sql, held): (&str, &str),
    estate: EstateId,
    today: NaiveDate,
) -> Result<Vec<UnitId>, StorageError> {
    let lock = match scope.kind() {
        DbKind::Postgres => format!(" FOR UPDATE OF {held} SKIP LOCKED"),
        DbKind::Sqlite => String::new(),
    };
    let most = i64::try_from(MAX_BATCH).unwrap_or(i64::MAX);
    let values = [estate.as_uuid().into(), today.into(), most.into()];
    let rows: Vec<Found> = scope.rows(&format!("{sql}{lock}"), values).await?;
    let units: BTreeSet<Uuid> = rows.into_iter().map(|row| row.unit_id).collect();
    Ok(units.into_iter().map(UnitId::from_uuid).collect())
}

/// Notes that units were told to be in arrears.
pub(super) async fn add(
    scope: &TenantScope,
    estate: EstateId,
    units: &[UnitId],
) -> Result<(), StorageError> {
    let rows = units.iter().map(|unit| row::ActiveModel {
        unit_id: Set(unit.as_uuid()),
        estate_id: Set(estate.as_uuid()),
        ..Default::default()
    });
    let key = [row::Column::TenantId, row::Column::UnitId];
    scope.insert_missing(rows.collect::<Vec<_>>(), key).await
}

/// Notes that units were told not to be.
pub(super) async fn remove(scope: &TenantScope, units: &[UnitId]) -> Result<(), StorageError> {
    let units = units.iter().map(|unit| unit.as_uuid());
    let gone = scope.delete::<row::Entity>().filter_in(row::Column::UnitId, units);
    gone.exec().await.map(drop)
}
