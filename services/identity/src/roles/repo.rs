//! Roles and grants in and out.

use super::GrantId;
use authz::{Grant, Role, RolePermission, UserId};
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, sea_query::Expr};
use uuid::Uuid;

mod role {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "roles")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
        pub name: String,
        pub permissions: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod grant {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "grants")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub role: String,
        pub place: String,
        pub estate_id: Option<Uuid>,
        pub zone: String,
        pub granted_by: Option<String>,
        pub granted_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(role, grant);

/// A role that the company made.
#[derive(Clone, Debug)]
pub struct CustomRole {
    pub code: String,
    pub name: String,
    pub permissions: Vec<RolePermission>,
}

impl TryFrom<role::Model> for CustomRole {
    type Error = StorageError;
    fn try_from(row: role::Model) -> Result<Self, StorageError> {
        let permissions = serde_json::from_str(&row.permissions)
            .map_err(|e| StorageError::unreadable(e.to_string()))?;
        Ok(Self { code: row.code, name: row.name, permissions })
    }
}

/// A grant as stored.
#[derive(Clone, Debug)]
pub struct StoredGrant {
    pub id: GrantId,
    pub user: UserId,
    pub role: String,
    pub estate: Option<EstateId>,
    /// The buildings of a zone role.
    pub zone: Vec<Uuid>,
    pub granted_at: DateTime<Utc>,
}

impl TryFrom<grant::Model> for StoredGrant {
    type Error = StorageError;
    fn try_from(row: grant::Model) -> Result<Self, StorageError> {
        let zone =
            serde_json::from_str(&row.zone).map_err(|e| StorageError::unreadable(e.to_string()))?;
        Ok(Self {
            id: GrantId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            role: row.role,
            estate: row.estate_id.map(EstateId::from_uuid),
            zone,
            granted_at: row.granted_at,
        })
    }
}

impl From<StoredGrant> for Grant {
    fn from(grant: StoredGrant) -> Self {
        let StoredGrant { user, role, estate, zone, .. } = grant;
        Self { user: user.as_uuid(), role, estate, zone }
    }
}

/// The company's own roles.
pub struct Roles<'t>(pub &'t TenantScope);

impl Roles<'_> {
    /// All of them, by code.
    pub async fn all(&self) -> Result<Vec<CustomRole>, StorageError> {
        let rows = self.0.find::<role::Entity>().asc(role::Column::Code).all().await?;
        rows.into_iter().map(CustomRole::try_from).collect()
    }

    /// One of them.
    pub async fn by_code(&self, code: &str) -> Result<Option<CustomRole>, StorageError> {
        let row = self.0.find::<role::Entity>().filter(role::Column::Code.eq(code)).one().await?;
        row.map(CustomRole::try_from).transpose()
    }

    /// Keeps a new role; a code that is taken is a unique violation.
    pub async fn insert(&self, role: &CustomRole) -> Result<(), StorageError> {
        self.0
            .insert(role::ActiveModel {
                code: Set(role.code.clone()),
                name: Set(role.name.clone()),
                permissions: Set(json(&role.permissions)?),
                ..Default::default()
            })
            .await
    }

    /// Writes a role; `false` when there is none.
    pub async fn save(&self, role: &CustomRole) -> Result<bool, StorageError> {
        let update = self.0.update::<role::Entity>().filter(role::Column::Code.eq(&*role.code));
        let update = update
            .set(role::Column::Name, Expr::value(role.name.clone()))
            .set(role::Column::Permissions, Expr::value(json(&role.permissions)?));
        Ok(update.exec().await? == 1)
    }

    /// Deletes a role; `false` when there is none.
    pub async fn delete(&self, code: &str) -> Result<bool, StorageError> {
        let delete = self.0.delete::<role::Entity>().filter(role::Column::Code.eq(code));
        Ok(delete.exec().await? == 1)
    }
}

fn json(value: &impl serde::Serialize) -> Result<String, StorageError> {
    serde_json::to_string(value).map_err(|e| StorageError::unreadable(e.to_string()))
}

/// The grants of a company.
pub struct Grants<'t>(pub &'t TenantScope);

impl Grants<'_> {
    /// Every grant.
    pub async fn all(&self) -> Result<Vec<StoredGrant>, StorageError> {
        let rows = self.0.find::<grant::Entity>().asc(grant::Column::Id).all().await?;
        rows.into_iter().map(StoredGrant::try_from).collect()
    }

    /// The grants of some users.
    pub async fn of(&self, users: &[UserId]) -> Result<Vec<StoredGrant>, StorageError> {
        let ids = users.iter().map(|user| user.as_uuid());
        let found = self.0.find::<grant::Entity>().filter_in(grant::Column::UserId, ids);
        let rows = found.asc(grant::Column::Id).all().await?;
        rows.into_iter().map(StoredGrant::try_from).collect()
    }

    /// Every grant of a role, held until the transaction ends.
    pub async fn lock_role(&self, role: &str) -> Result<Vec<StoredGrant>, StorageError> {
        let found = self.0.find::<grant::Entity>().filter(grant::Column::Role.eq(role));
        let rows = found.lock().all().await?;
        rows.into_iter().map(StoredGrant::try_from).collect()
    }

    /// One grant.
    pub async fn by_id(&self, id: GrantId) -> Result<Option<StoredGrant>, StorageError> {
        let found = self.0.find::<grant::Entity>().filter(grant::Column::Id.eq(id.as_uuid()));
        found.one().await?.map(StoredGrant::try_from).transpose()
    }

    /// Deletes one grant.
    pub async fn delete(&self, id: GrantId) -> Result<(), StorageError> {
        let delete = self.0.delete::<grant::Entity>().filter(grant::Column::Id.eq(id.as_uuid()));
        delete.exec().await.map(drop)
    }

    /// Deletes every grant of a user.
    pub async fn delete_of(&self, user: UserId) -> Result<(), StorageError> {
        let delete = self.0.delete::<grant::Entity>();
        delete.filter(grant::Column::UserId.eq(user.as_uuid())).exec().await.map(drop)
    }
}

/// The company's own roles as the policy has them.
pub async fn custom(scope: &TenantScope) -> Result<Vec<Role>, StorageError> {
    let roles = Roles(scope).all().await?.into_iter();
    Ok(roles.map(|role| Role { code: role.code, permissions: role.permissions }).collect())
}

/// Every grant as the policy has it.
pub async fn all_grants(scope: &TenantScope) -> Result<Vec<Grant>, StorageError> {
    Ok(Grants(scope).all().await?.into_iter().map(Into::into).collect())
}

/// Gives a role in the transaction; giving it again only renews the zone.
pub async fn insert_grant(
    scope: &TenantScope,
    user: UserId,
    role: &str,
    estate: Option<EstateId>,
    zone: &[Uuid],
    granted_by: Option<UserId>,
) -> Result<StoredGrant, StorageError> {
    use grant::Column;
    let place = estate.map_or_else(|| "company".to_owned(), |estate| estate.to_string());
    let row = grant::ActiveModel {
        id: Set(scope.new_id()),
        user_id: Set(user.as_uuid()),
        role: Set(role.to_owned()),
        place: Set(place.clone()),
        estate_id: Set(estate.map(EstateId::as_uuid)),
        zone: Set(json(&zone)?),
        granted_by: Set(granted_by.map(|by| by.to_string())),
        granted_at: Set(scope.now()),
        ..Default::default()
    };
    let key = [Column::TenantId, Column::UserId, Column::Role, Column::Place];
    scope.upsert([row], key, [Column::Zone, Column::GrantedBy, Column::GrantedAt]).await?;
    let found = scope.find::<grant::Entity>().filter(Column::UserId.eq(user.as_uuid()));
    let found = found.filter(Column::Role.eq(role)).filter(Column::Place.eq(place)).one().await?;
    found.ok_or_else(|| StorageError::unreadable("the grant is gone".to_owned()))?.try_into()
}

/// Takes every role of a user, in the transaction. The company's last administrator stays.
pub async fn revoke_all(scope: &TenantScope, user: UserId) -> crate::app::Outcome<()> {
    super::revoke::keep_an_administrator(scope, |grant| grant.user == user).await?;
    Ok(Grants(scope).delete_of(user).await?)
}
