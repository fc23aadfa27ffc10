//! Requested charges in the database.

use crate::ids::{BillId, BuildingId, PersonId, UnitId};
use contracts::{billing::ChargeRequested, residents::PartyName};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "requested_charges")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub source: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub reference: String,
        pub request: String,
        pub bill_id: Option<Uuid>,
        pub at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// A charge that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Requested {
    pub source: String,
    pub reference: String,
}

/// Whether this reference was asked for before.
pub(super) async fn is_known(
    scope: &TenantScope,
    source: &str,
    reference: &str,
) -> Result<bool, StorageError> {
    let rows = scope
        .find::<row::Entity>()
        .filter(row::Column::Source.eq(source))
        .filter(row::Column::Reference.eq(reference));
    Ok(rows.one().await?.is_some())
}

/// The charge that became this bill.
pub(super) async fn of_bill(
    scope: &TenantScope,
    bill: BillId,
) -> Result<Option<Requested>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::BillId.eq(bill.as_uuid()));
    Ok(rows.one().await?.map(|row| Requested { source: row.source, reference: row.reference }))
}

/// Keeps what was asked and what became of it.
pub(super) async fn insert(
    scope: &TenantScope,
    request: &ChargeRequested,
    bill: Option<BillId>,
) -> Result<(), StorageError> {
    scope
        .insert(row::ActiveModel {
            source: Set(request.source.clone()),
            reference: Set(request.reference.clone()),
            request: Set(stored::json(request)?),
            bill_id: Set(bill.map(BillId::as_uuid)),
            at: Set(scope.now()),
            ..Default::default()
        })
        .await
}

#[derive(FromQueryResult)]
struct Building {
    building_id: Uuid,
}

/// The building of a unit of the estate.
pub(crate) async fn building(
    scope: &TenantScope,
    estate: EstateId,
    unit: UnitId,
) -> Result<Option<BuildingId>, StorageError> {
    let sql = "SELECT building_id FROM units WHERE tenant_id = $1 AND estate_id = $2 AND id = $3";
    let values = [estate.as_uuid().into(), unit.as_uuid().into()];
    let rows: Vec<Building> = scope.rows(sql, values).await?;
    Ok(rows.first().map(|row| BuildingId::from_uuid(row.building_id)))
}

#[derive(FromQueryResult)]
struct Name {
    name: String,
    shown_name: String,
}

/// The name of a person whom the estate knows as member of a unit or as debtor.
pub(crate) async fn person_name(
    scope: &TenantScope,
    estate: EstateId,
    person: PersonId,
) -> Result<Option<PartyName>, StorageError> {
    let sql = "SELECT name, shown_name FROM unit_members WHERE tenant_id = $1 AND estate_id = $2 AND person_id = $3 \
               UNION ALL SELECT name, shown_name FROM billing_accounts \
               WHERE tenant_id = $1 AND estate_id = $2 AND party_id = $3 LIMIT 1";
    let values = [estate.as_uuid().into(), person.as_uuid().into()];
    let rows: Vec<Name> = scope.rows(sql, values).await?;
    let name = rows.into_iter().next();
    Ok(name.map(|row| PartyName { full: row.name, shown: row.shown_name }))
}
