//! Requested charges in the database.

use crate::{ids::BillId, stored};
use contracts::billing::ChargeRequested;
use db::{StorageError, TenantScope, tenant_owned};
use sea_orm::{ActiveValue::Set, ColumnTrait as _};

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
    /// `None`: it was rejected.
    pub bill: Option<BillId>,
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
    Ok(rows.one().await?.map(|row| Requested {
        source: row.source,
        reference: row.reference,
        bill: row.bill_id.map(BillId::from_uuid),
    }))
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
