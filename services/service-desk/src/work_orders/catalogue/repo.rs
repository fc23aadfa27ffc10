//! Categories and prices in the database.

use super::domain::{Category, Price, shipped};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::collections::BTreeMap;

mod category {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "work_categories")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub estate_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
        pub parent: Option<String>,
        pub name_zh: String,
        pub name_en: String,
        pub skill: Option<String>,
        pub sla_code: String,
        pub public_part: bool,
        pub active: bool,
        pub version: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod price {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "work_prices")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub estate_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
        pub name_zh: String,
        pub name_en: String,
        pub unit: String,
        pub price: i64,
        pub kind: String,
        pub warranty_days: i32,
        pub active: bool,
        pub version: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(category, price);

fn category_of(row: category::Model) -> Category {
    Category {
        code: row.code,
        parent: row.parent,
        name_zh: row.name_zh,
        name_en: row.name_en,
        skill: row.skill,
        sla_code: row.sla_code,
        public_part: row.public_part,
        active: row.active,
        version: row.version,
    }
}

/// Every category of an estate by code: what the product ships, as far as nobody saved it otherwise.
///
/// # Errors
/// When reading fails.
pub(in super::super) async fn categories(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<BTreeMap<String, Category>, StorageError> {
    let rows = scope.find::<category::Entity>();
    let rows = rows.filter(category::Column::EstateId.eq(estate.as_uuid())).all().await?;
    let mut all = shipped();
    all.extend(rows.into_iter().map(|row| (row.code.clone(), category_of(row))));
    Ok(all)
}

/// Keeps a category in place of the version before its own; whether that was the last one.
pub(super) async fn save_category(
    scope: &TenantScope,
    estate: EstateId,
    new: &Category,
) -> Result<bool, StorageError> {
    use category::Column as C;
    if new.version == 1 {
        let row = category::ActiveModel {
            estate_id: Set(estate.as_uuid()),
            code: Set(new.code.clone()),
            parent: Set(new.parent.clone()),
            name_zh: Set(new.name_zh.clone()),
            name_en: Set(new.name_en.clone()),
            skill: Set(new.skill.clone()),
            sla_code: Set(new.sla_code.clone()),
            public_part: Set(new.public_part),
            active: Set(new.active),
            version: Set(1),
            ..Default::default()
        };
        return scope.insert(row).await.map(|()| true);
    }
    let rows = scope.update::<category::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    let rows = rows.filter(C::Code.eq(new.code.as_str())).filter(C::Version.eq(new.version - 1));
    let rows = rows
        .set(C::Parent, new.parent.clone())
        .set(C::NameZh, new.name_zh.clone())
        .set(C::NameEn, new.name_en.clone())
        .set(C::Skill, new.skill.clone())
        .set(C::SlaCode, new.sla_code.clone())
        .set(C::PublicPart, new.public_part)
        .set(C::Active, new.active)
        .set(C::Version, new.version);
    Ok(rows.exec().await? == 1)
}

/// Every price of an estate by code.
///
/// # Errors
/// When reading fails.
pub(in super::super) async fn prices(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<BTreeMap<String, Price>, StorageError> {
    let rows = scope.find::<price::Entity>();
    let rows = rows.filter(price::Column::EstateId.eq(estate.as_uuid())).all().await?;
    let price = |row: price::Model| {
        let price = Price {
            code: row.code,
            name_zh: row.name_zh,
            name_en: row.name_en,
            unit: row.unit,
            price: Fen(row.price),
            kind: stored::read_word(&row.kind)?,
            warranty_days: row.warranty_days,
            active: row.active,
            version: row.version,
        };
        Ok((price.code.clone(), price))
    };
    rows.into_iter().map(price).collect()
}

/// Keeps a price in place of the version before its own; whether that was the last one.
pub(super) async fn save_price(
    scope: &TenantScope,
    estate: EstateId,
    new: &Price,
) -> Result<bool, StorageError> {
    use price::Column as C;
    if new.version == 1 {
        let row = price::ActiveModel {
            estate_id: Set(estate.as_uuid()),
            code: Set(new.code.clone()),
            name_zh: Set(new.name_zh.clone()),
            name_en: Set(new.name_en.clone()),
            unit: Set(new.unit.clone()),
            price: Set(new.price.0),
            kind: Set(stored::word(new.kind)?),
            warranty_days: Set(new.warranty_days),
            active: Set(new.active),
            version: Set(1),
            ..Default::default()
        };
        return scope.insert(row).await.map(|()| true);
    }
    let rows = scope.update::<price::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    let rows = rows.filter(C::Code.eq(new.code.as_str())).filter(C::Version.eq(new.version - 1));
    let rows = rows
        .set(C::NameZh, new.name_zh.clone())
        .set(C::NameEn, new.name_en.clone())
        .set(C::Unit, new.unit.clone())
        .set(C::Price, new.price.0)
        .set(C::Kind, stored::word(new.kind)?)
        .set(C::WarrantyDays, new.warranty_days)
        .set(C::Active, new.active)
        .set(C::Version, new.version);
    Ok(rows.exec().await? == 1)
}
