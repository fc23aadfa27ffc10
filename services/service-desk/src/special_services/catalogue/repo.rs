//! The price list in the database.

use super::domain::Dated;
use crate::special_services::ServiceId;
use authz::UserId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use graphql::PageArgs;
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::collections::HashMap;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "special_services")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub code: String,
        pub version: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod terms {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "special_service_terms")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub service_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        pub effective_from: Date,
        pub terms: String,
        pub said_by: Uuid,
        pub said_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row, terms);

/// A service of the list with everything ever said of its terms, in order.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    pub id: ServiceId,
    pub estate: EstateId,
    pub code: String,
    pub version: i32,
    pub terms: Vec<Dated>,
}

async fn whole(scope: &TenantScope, rows: Vec<row::Model>) -> Result<Vec<Service>, StorageError> {
    let ids = rows.iter().map(|row| row.id);
    let found = scope.find::<terms::Entity>().filter_in(terms::Column::ServiceId, ids);
    let mut said: HashMap<_, Vec<Dated>> = HashMap::new();
    for row in found.asc(terms::Column::Number).all().await? {
        let terms = stored::read_json(&row.terms)?;
        let dated = Dated { number: row.number, from: row.effective_from, terms };
        said.entry(row.service_id).or_default().push(dated);
    }
    let service = |row: row::Model| Service {
        id: ServiceId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        code: row.code,
        version: row.version,
        terms: said.remove(&row.id).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(service).collect())
}

/// Adds a service; its terms are said next.
pub(super) async fn insert(scope: &TenantScope, service: &Service) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        id: Set(service.id.as_uuid()),
        estate_id: Set(service.estate.as_uuid()),
        code: Set(service.code.clone()),
        version: Set(service.version),
        ..Default::default()
    };
    scope.insert(row).await
}

/// Counts the version up; whether it was still `before`.
pub(super) async fn count_up(
    scope: &TenantScope,
    id: ServiceId,
    before: i32,
) -> Result<bool, StorageError> {
    use row::Column as C;
    let rows = scope.update::<row::Entity>().filter(C::Id.eq(id.as_uuid()));
    let rows = rows.filter(C::Version.eq(before)).set(C::Version, before + 1);
    Ok(rows.exec().await? > 0)
}

/// Says what a service costs from a day on.
pub(super) async fn say_terms(
    scope: &TenantScope,
    id: ServiceId,
    dated: &Dated,
    by: UserId,
) -> Result<(), StorageError> {
    let row = terms::ActiveModel {
        service_id: Set(id.as_uuid()),
        number: Set(dated.number),
        effective_from: Set(dated.from),
        terms: Set(stored::json(&dated.terms)?),
        said_by: Set(by.as_uuid()),
        said_at: Set(scope.now()),
        ..Default::default()
    };
    scope.insert(row).await
}

/// Services by id.
pub(crate) async fn by_id(
    scope: &TenantScope,
    ids: impl IntoIterator<Item = ServiceId>,
) -> Result<HashMap<ServiceId, Service>, StorageError> {
    let ids = ids.into_iter().map(ServiceId::as_uuid);
    let rows = scope.find::<row::Entity>().filter_in(row::Column::Id, ids).all().await?;
    Ok(whole(scope, rows).await?.into_iter().map(|service| (service.id, service)).collect())
}

/// One service.
pub(crate) async fn find(
    scope: &TenantScope,
    id: ServiceId,
) -> Result<Option<Service>, StorageError> {
    Ok(by_id(scope, [id]).await?.remove(&id))
}

/// Whether the estate has a service of this code.
pub(super) async fn has_code(
    scope: &TenantScope,
    estate: EstateId,
    code: &str,
) -> Result<bool, StorageError> {
    use row::Column as C;
    let rows = scope.find::<row::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    Ok(rows.filter(C::Code.eq(code)).one().await?.is_some())
}

/// A page of an estate's services by id.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    page: &PageArgs,
) -> Result<Vec<Service>, StorageError> {
    use row::Column as C;
    let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<ServiceId>().ok());
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(after, |last| C::Id.gt(last.as_uuid()))
        .asc(C::Id)
        .limit(page.limit());
    whole(scope, rows.all().await?).await
}
