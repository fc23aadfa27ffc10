//! Responders in the database.

use super::Responder;
use authz::UserId;
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "responders")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub estate_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        pub level: String,
        pub skills: String,
        pub buildings: String,
        pub on_duty_since: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

fn read(row: row::Model) -> Result<Responder, StorageError> {
    Ok(Responder {
        estate: EstateId::from_uuid(row.estate_id),
        user: UserId::from_uuid(row.user_id),
        level: stored::read_word(&row.level)?,
        skills: stored::read_json(&row.skills)?,
        buildings: stored::read_json(&row.buildings)?,
        on_duty_since: row.on_duty_since,
    })
}

/// Writes a responder; whether they are on duty stays.
pub(super) async fn save(scope: &TenantScope, responder: &Responder) -> Result<(), StorageError> {
    use row::Column as C;
    let row = row::ActiveModel {
        estate_id: Set(responder.estate.as_uuid()),
        user_id: Set(responder.user.as_uuid()),
        level: Set(stored::word(responder.level)?),
        skills: Set(stored::json(&responder.skills)?),
        buildings: Set(stored::json(&responder.buildings)?),
        on_duty_since: Set(responder.on_duty_since),
        ..Default::default()
    };
    let changed = [C::Level, C::Skills, C::Buildings];
    scope.upsert([row], [C::TenantId, C::EstateId, C::UserId], changed).await
}

/// Takes a responder off the list; whether there was one.
pub(super) async fn remove(
    scope: &TenantScope,
    estate: EstateId,
    user: UserId,
) -> Result<bool, StorageError> {
    use row::Column as C;
    let rows = scope.delete::<row::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    Ok(rows.filter(C::UserId.eq(user.as_uuid())).exec().await? > 0)
}

/// Sets since when somebody is on duty; whether there is such a responder.
pub(super) async fn set_duty(
    scope: &TenantScope,
    estate: EstateId,
    user: UserId,
    since: Option<DateTime<Utc>>,
) -> Result<bool, StorageError> {
    use row::Column as C;
    let rows = scope.update::<row::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    let rows = rows.filter(C::UserId.eq(user.as_uuid())).set(C::OnDutySince, since);
    Ok(rows.exec().await? > 0)
}

/// One responder of an estate.
///
/// # Errors
/// When reading fails.
pub async fn find(
    scope: &TenantScope,
    estate: EstateId,
    user: UserId,
) -> Result<Option<Responder>, StorageError> {
    use row::Column as C;
    let rows = scope.find::<row::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    rows.filter(C::UserId.eq(user.as_uuid())).one().await?.map(read).transpose()
}

/// Everybody who takes work in an estate; there are few.
///
/// # Errors
/// When reading fails.
pub async fn of_estate(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<Vec<Responder>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::EstateId.eq(estate.as_uuid()));
    rows.asc(row::Column::UserId).all().await?.into_iter().map(read).collect()
}

/// A page of those who take work in an estate, by account.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    on_duty: Option<bool>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Responder>, StorageError> {
    use row::Column as C;
    let duty = |on: bool| {
        if on { C::OnDutySince.is_not_null() } else { C::OnDutySince.is_null() }
    };
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(on_duty, duty)
        .filter_by(after, |last| C::UserId.gt(last))
        .asc(C::UserId)
        .limit(limit);
    rows.all().await?.into_iter().map(read).collect()
}
