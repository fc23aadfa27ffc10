//! Tax classes, sellers and titles in the database.

use super::domain::{Buyer, Seller, TaxClass};
use crate::ids::{BillingAccountId, FeeItemId, InvoiceTitleId, TaxClassId, UserId};
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use money::Rate;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use uuid::Uuid;

mod class {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "invoice_tax_classes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub item_id: Uuid,
        pub from_day: Date,
        pub rate: i64,
        pub code: String,
        pub name: String,
        pub set_by: Uuid,
        pub set_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod seller {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "invoice_sellers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i64,
        pub seller: String,
        pub set_by: Uuid,
        pub set_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod title {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "invoice_titles")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub account_id: Uuid,
        pub name: String,
        pub tax_number: Option<String>,
        pub kept_by: Uuid,
        pub kept_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(class, seller, title);

/// A name under which an account wants its invoices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Title {
    pub id: InvoiceTitleId,
    pub estate: EstateId,
    pub account: BillingAccountId,
    pub buyer: Buyer,
    pub kept_by: UserId,
    pub kept_at: DateTime<Utc>,
}

pub(super) async fn insert_class(
    scope: &TenantScope,
    class: &TaxClass,
) -> Result<(), StorageError> {
    scope
        .insert(class::ActiveModel {
            id: Set(class.id.as_uuid()),
            estate_id: Set(class.estate.as_uuid()),
            item_id: Set(class.item.as_uuid()),
            from_day: Set(class.from),
            rate: Set(class.rate.0),
            code: Set(class.code.clone()),
            name: Set(class.name.clone()),
            set_by: Set(class.set_by.as_uuid()),
            set_at: Set(class.set_at),
            ..Default::default()
        })
        .await
}

/// Every version of the classes of some items.
pub(super) async fn classes_of(
    scope: &TenantScope,
    items: impl IntoIterator<Item = FeeItemId>,
) -> Result<Vec<TaxClass>, StorageError> {
    let items = items.into_iter().map(FeeItemId::as_uuid);
    let rows = scope.find::<class::Entity>().filter_in(class::Column::ItemId, items);
    Ok(rows.all().await?.into_iter().map(read_class).collect())
}

pub(super) async fn class(
    scope: &TenantScope,
    id: TaxClassId,
) -> Result<Option<TaxClass>, StorageError> {
    let row = scope.find::<class::Entity>().filter(class::Column::Id.eq(id.as_uuid()));
    Ok(row.one().await?.map(read_class))
}

/// A page of an estate's classes, newest first.
pub(super) async fn class_page(
    scope: &TenantScope,
    estate: EstateId,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<TaxClass>, StorageError> {
    let rows = scope
        .find::<class::Entity>()
        .filter(class::Column::EstateId.eq(estate.as_uuid()))
        .filter_by(before, |before| class::Column::Id.lt(before));
    let rows = rows.desc(class::Column::Id).limit(limit).all().await?;
    Ok(rows.into_iter().map(read_class).collect())
}

/// The seller that counts, with its version.
pub(super) async fn seller(scope: &TenantScope) -> Result<Option<(i64, Seller)>, StorageError> {
    let row = scope.find::<seller::Entity>().desc(seller::Column::Version).limit(1);
    let Some(row) = row.all().await?.into_iter().next() else { return Ok(None) };
    Ok(Some((row.version, stored::read_json(&row.seller)?)))
}

pub(super) async fn insert_seller(
    scope: &TenantScope,
    version: i64,
    seller: &Seller,
    by: UserId,
) -> Result<(), StorageError> {
    scope
        .insert(seller::ActiveModel {
            version: Set(version),
            seller: Set(stored::json(seller)?),
            set_by: Set(by.as_uuid()),
            set_at: Set(scope.now()),
            ..Default::default()
        })
        .await
}

pub(super) async fn insert_title(scope: &TenantScope, title: &Title) -> Result<(), StorageError> {
    scope
        .insert(title::ActiveModel {
            id: Set(title.id.as_uuid()),
            estate_id: Set(title.estate.as_uuid()),
            account_id: Set(title.account.as_uuid()),
            name: Set(title.buyer.name.clone()),
            tax_number: Set(title.buyer.tax_number.clone()),
            kept_by: Set(title.kept_by.as_uuid()),
            kept_at: Set(title.kept_at),
            ..Default::default()
        })
        .await
}

pub(super) async fn title(
    scope: &TenantScope,
    id: InvoiceTitleId,
) -> Result<Option<Title>, StorageError> {
    let row = scope.find::<title::Entity>().filter(title::Column::Id.eq(id.as_uuid()));
    Ok(row.one().await?.map(read_title))
}

/// A page of the titles of an account, newest first.
pub(super) async fn titles(
    scope: &TenantScope,
    account: BillingAccountId,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Title>, StorageError> {
    let rows = scope
        .find::<title::Entity>()
        .filter(title::Column::AccountId.eq(account.as_uuid()))
        .filter_by(before, |before| title::Column::Id.lt(before));
    let rows = rows.desc(title::Column::Id).limit(limit).all().await?;
    Ok(rows.into_iter().map(read_title).collect())
}

fn read_class(row: class::Model) -> TaxClass {
    TaxClass {
        id: TaxClassId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        item: FeeItemId::from_uuid(row.item_id),
        from: row.from_day,
        rate: Rate(row.rate),
        code: row.code,
        name: row.name,
        set_by: UserId::from_uuid(row.set_by),
        set_at: row.set_at,
    }
}

fn read_title(row: title::Model) -> Title {
    Title {
        id: InvoiceTitleId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        account: BillingAccountId::from_uuid(row.account_id),
        buyer: Buyer { name: row.name, tax_number: row.tax_number },
        kept_by: UserId::from_uuid(row.kept_by),
        kept_at: row.kept_at,
    }
}
