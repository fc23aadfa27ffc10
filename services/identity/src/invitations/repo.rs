//! Invitations in and out.

use chrono::{DateTime, Utc};
use contracts::residents::ResidentInvited;
use contracts::{PersonId, UnitId};
use db::{StorageError, TenantScope, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, sea_query::Expr};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "invitations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub unit_id: Uuid,
        pub person_id: Uuid,
        pub name: String,
        pub phone: String,
        pub code_hash: String,
        pub expires_at: DateTimeUtc,
        pub used_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// An invitation that nobody used yet.
#[derive(Clone, Debug)]
pub struct Invitation {
    pub id: Uuid,
    pub estate: EstateId,
    pub unit: UnitId,
    pub person: PersonId,
    pub phone: String,
    pub expires_at: DateTime<Utc>,
}

/// Keeps an invitation; an earlier unused one to the same person and unit no longer works.
pub async fn keep(scope: &TenantScope, invited: ResidentInvited) -> Result<(), StorageError> {
    let (person, unit) = (invited.person.as_uuid(), invited.unit.as_uuid());
    let earlier = scope.delete::<row::Entity>().filter(row::Column::PersonId.eq(person));
    let earlier = earlier.filter(row::Column::UnitId.eq(unit));
    earlier.filter(row::Column::UsedAt.is_null()).exec().await?;
    scope
        .insert(row::ActiveModel {
            id: Set(scope.new_id()),
            estate_id: Set(invited.estate.as_uuid()),
            unit_id: Set(unit),
            person_id: Set(person),
            name: Set(invited.name),
            phone: Set(invited.phone),
            code_hash: Set(invited.code_hash),
            expires_at: Set(invited.expires),
            used_at: Set(None),
            ..Default::default()
        })
        .await
}

/// The unused invitation with this code.
pub async fn by_code(
    scope: &TenantScope,
    code_hash: &str,
) -> Result<Option<Invitation>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::CodeHash.eq(code_hash));
    let found = found.filter(row::Column::UsedAt.is_null()).one().await?;
    Ok(found.map(|row| Invitation {
        id: row.id,
        estate: EstateId::from_uuid(row.estate_id),
        unit: UnitId::from_uuid(row.unit_id),
        person: PersonId::from_uuid(row.person_id),
        phone: row.phone,
        expires_at: row.expires_at,
    }))
}

/// Uses an invitation up; `false` when somebody already did.
pub async fn use_up(scope: &TenantScope, id: Uuid) -> Result<bool, StorageError> {
    let update = scope.update::<row::Entity>().set(row::Column::UsedAt, Expr::value(scope.now()));
    let update = update.filter(row::Column::Id.eq(id)).filter(row::Column::UsedAt.is_null());
    Ok(update.exec().await? == 1)
}

/// The estates to which a person was invited and came.
pub async fn estates_of(scope: &TenantScope, person: Uuid) -> Result<Vec<EstateId>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::PersonId.eq(person));
    let rows = found.filter(row::Column::UsedAt.is_not_null()).all().await?;
    Ok(rows.into_iter().map(|row| EstateId::from_uuid(row.estate_id)).collect())
}

/// What a person was called at their latest invitation.
pub async fn name_of(scope: &TenantScope, person: Uuid) -> Result<Option<String>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::PersonId.eq(person));
    Ok(found.desc(row::Column::Id).one().await?.map(|row| row.name))
}
