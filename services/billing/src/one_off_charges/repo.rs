//! Rows of single charges.

use crate::ids::{BillId, BillingAccountId, FeeItemId, OneOffChargeId, UserId};
use chrono::{DateTime, NaiveDate, Utc};
use db::{StorageError, TenantScope, tenant_owned};
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "one_off_charges")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub account_id: Uuid,
        pub item_id: Uuid,
        pub amount: i64,
        pub day: Date,
        pub description: String,
        pub reason: String,
        pub bill_id: Uuid,
        pub by_user: Uuid,
        pub at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// A single charge.
#[derive(Clone, Debug)]
pub(crate) struct OneOff {
    pub(crate) id: OneOffChargeId,
    pub(crate) estate: EstateId,
    pub(crate) account: BillingAccountId,
    pub(crate) item: FeeItemId,
    pub(crate) amount: Fen,
    pub(crate) day: NaiveDate,
    pub(crate) description: String,
    pub(crate) reason: String,
    pub(crate) bill: BillId,
    pub(crate) by: UserId,
    pub(crate) at: DateTime<Utc>,
}

pub(super) async fn insert(scope: &TenantScope, new: &OneOff) -> Result<(), StorageError> {
    scope
        .insert(row::ActiveModel {
            id: Set(new.id.as_uuid()),
            estate_id: Set(new.estate.as_uuid()),
            account_id: Set(new.account.as_uuid()),
            item_id: Set(new.item.as_uuid()),
            amount: Set(new.amount.0),
            day: Set(new.day),
            description: Set(new.description.clone()),
            reason: Set(new.reason.clone()),
            bill_id: Set(new.bill.as_uuid()),
            by_user: Set(new.by.as_uuid()),
            at: Set(new.at),
            ..Default::default()
        })
        .await
}

pub(super) async fn find(
    scope: &TenantScope,
    id: OneOffChargeId,
) -> Result<Option<OneOff>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    Ok(found.one().await?.map(read))
}

/// A page of an estate's single charges, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<OneOff>, StorageError> {
    let found = scope
        .find::<row::Entity>()
        .filter(row::Column::EstateId.eq(estate.as_uuid()))
        .filter_by(before, |before| row::Column::Id.lt(before));
    Ok(found.desc(row::Column::Id).limit(limit).all().await?.into_iter().map(read).collect())
}

fn read(row: row::Model) -> OneOff {
    OneOff {
        id: OneOffChargeId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        account: BillingAccountId::from_uuid(row.account_id),
        item: FeeItemId::from_uuid(row.item_id),
        amount: Fen(row.amount),
        day: row.day,
        description: row.description,
        reason: row.reason,
        bill: BillId::from_uuid(row.bill_id),
        by: UserId::from_uuid(row.by_user),
        at: row.at,
    }
}
