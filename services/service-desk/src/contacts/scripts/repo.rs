//! Scripts in the database.

use super::{Class, Script};
use authz::UserId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, sea_query::SimpleExpr};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "contact_scripts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Option<Uuid>,
        pub class: String,
        pub version: i32,
        pub zh: String,
        pub en: String,
        pub saved_by: Uuid,
        pub saved_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

use row::Column as C;

fn read(row: row::Model) -> Result<Script, StorageError> {
    Ok(Script {
        class: stored::read_word(&row.class)?,
        estate: row.estate_id.map(EstateId::from_uuid),
        version: row.version,
        zh: row.zh,
        en: row.en,
        saved: Some((UserId::from_uuid(row.saved_by), row.saved_at)),
    })
}

fn of(estate: Option<EstateId>) -> SimpleExpr {
    match estate {
        Some(estate) => C::EstateId.eq(estate.as_uuid()),
        None => C::EstateId.is_null(),
    }
}

/// Adds a version.
pub(super) async fn insert(
    scope: &TenantScope,
    script: &Script,
    by: UserId,
) -> Result<(), StorageError> {
    scope
        .insert(row::ActiveModel {
            id: Set(scope.new_id()),
            estate_id: Set(script.estate.map(EstateId::as_uuid)),
            class: Set(stored::word(script.class)?),
            version: Set(script.version),
            zh: Set(script.zh.clone()),
            en: Set(script.en.clone()),
            saved_by: Set(by.as_uuid()),
            saved_at: Set(scope.now()),
            ..Default::default()
        })
        .await
}

/// A page of the versions of an estate's or the company's text, newest first, those older than
/// `before`.
pub(super) async fn versions(
    scope: &TenantScope,
    estate: Option<EstateId>,
    class: Class,
    before: Option<i32>,
    limit: u64,
) -> Result<Vec<Script>, StorageError> {
    let rows = scope
        .find::<row::Entity>()
        .filter(of(estate))
        .filter(C::Class.eq(stored::word(class)?))
        .filter_by(before, |version| C::Version.lt(version))
        .desc(C::Version)
        .limit(limit);
    rows.all().await?.into_iter().map(read).collect()
}
