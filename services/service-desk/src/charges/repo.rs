//! Requested charges in the database.

use super::domain::{ChargeAsk, ChargeState, Kept};
use contracts::{PersonId, UnitId};
use db::{StorageError, TenantScope, tenant_owned};
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::collections::HashMap;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "charge_requests")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub reference: String,
        pub estate_id: Uuid,
        pub unit_id: Option<Uuid>,
        pub payer_id: Uuid,
        pub fee_item: String,
        pub amount: i64,
        pub on_day: Date,
        pub description: String,
        pub bill: Option<String>,
        pub rejected_field: Option<String>,
        pub rejected_reason: Option<String>,
        pub paid: i64,
        pub settled: bool,
        pub requested_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

fn kept(row: row::Model) -> Kept {
    Kept {
        bill: row.bill,
        rejected: row.rejected_reason.map(|reason| (row.rejected_field, reason)),
        paid: Fen(row.paid),
        settled: row.settled,
    }
}

/// Whether this reference was asked for before.
pub(super) async fn is_known(scope: &TenantScope, reference: &str) -> Result<bool, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Reference.eq(reference));
    Ok(rows.one().await?.is_some())
}

/// Keeps what is asked.
pub(super) async fn insert(scope: &TenantScope, ask: &ChargeAsk) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        reference: Set(ask.reference.clone()),
        estate_id: Set(ask.estate.as_uuid()),
        unit_id: Set(ask.unit.map(UnitId::as_uuid)),
        payer_id: Set(PersonId::as_uuid(ask.payer)),
        fee_item: Set(ask.fee_item.clone()),
        amount: Set(ask.amount.0),
        on_day: Set(ask.on),
        description: Set(ask.description.clone()),
        bill: Set(None),
        rejected_field: Set(None),
        rejected_reason: Set(None),
        paid: Set(0),
        settled: Set(false),
        requested_at: Set(scope.now()),
        ..Default::default()
    };
    scope.insert(row).await
}

/// What is kept of a charge, held until the transaction ends.
pub(super) async fn lock(
    scope: &TenantScope,
    reference: &str,
) -> Result<Option<Kept>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Reference.eq(reference));
    Ok(rows.lock().one().await?.map(kept))
}

/// Writes what billing answered.
pub(super) async fn save(
    scope: &TenantScope,
    reference: &str,
    kept: Kept,
) -> Result<(), StorageError> {
    use row::Column as C;
    let (field, reason) = match kept.rejected {
        Some((field, reason)) => (field, Some(reason)),
        None => (None, None),
    };
    let rows = scope.update::<row::Entity>().filter(C::Reference.eq(reference));
    let rows = rows
        .set(C::Bill, kept.bill)
        .set(C::RejectedField, field)
        .set(C::RejectedReason, reason)
        .set(C::Paid, kept.paid.0)
        .set(C::Settled, kept.settled);
    rows.exec().await.map(drop)
}

/// What became of charges, by reference; those never asked for are left out.
///
/// # Errors
/// When reading fails.
pub async fn states(
    scope: &TenantScope,
    references: impl IntoIterator<Item = String>,
) -> Result<HashMap<String, ChargeState>, StorageError> {
    let rows = scope.find::<row::Entity>().filter_in(row::Column::Reference, references);
    let found = rows.all().await?;
    Ok(found.into_iter().map(|row| (row.reference.clone(), kept(row).state())).collect())
}
