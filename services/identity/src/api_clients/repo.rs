//! API clients in and out.

use authz::{ClientLimit, UserId};
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, tenant_owned};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, sea_query::Expr};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "api_clients")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub secret_hash: String,
        pub per_minute: i32,
        pub created_at: DateTimeUtc,
        pub expires_at: DateTimeUtc,
        pub revoked_at: Option<DateTimeUtc>,
        pub last_used_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// A program that a company lets in.
#[derive(Clone, Debug)]
pub struct ApiClient {
    pub id: UserId,
    pub name: String,
    pub secret_hash: String,
    pub per_minute: i32,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub revoked_at: Option<DateTime<Utc>>,
    pub last_used_at: Option<DateTime<Utc>>,
}

impl ApiClient {
    /// Whether it is let in at `now`.
    pub fn is_active(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && self.expires_at > now
    }
}

impl From<row::Model> for ApiClient {
    fn from(row: row::Model) -> Self {
        Self {
            id: UserId::from_uuid(row.id),
            name: row.name,
            secret_hash: row.secret_hash,
            per_minute: row.per_minute,
            created_at: row.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            last_used_at: row.last_used_at,
        }
    }
}

/// The API clients of a company.
pub struct ApiClients<'t>(pub &'t TenantScope);

impl ApiClients<'_> {
    /// Every client, newest first.
    pub async fn all(&self) -> Result<Vec<ApiClient>, StorageError> {
        let rows = self.0.find::<row::Entity>().desc(row::Column::Id).all().await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// One client.
    pub async fn by_id(&self, id: UserId) -> Result<Option<ApiClient>, StorageError> {
        let found = self.0.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
        Ok(found.one().await?.map(Into::into))
    }

    /// Keeps a new client.
    pub async fn insert(&self, client: &ApiClient) -> Result<(), StorageError> {
        self.0
            .insert(row::ActiveModel {
                id: Set(client.id.as_uuid()),
                name: Set(client.name.clone()),
                secret_hash: Set(client.secret_hash.clone()),
                per_minute: Set(client.per_minute),
                created_at: Set(client.created_at),
                expires_at: Set(client.expires_at),
                revoked_at: Set(None),
                last_used_at: Set(None),
                ..Default::default()
            })
            .await
    }

    /// Revokes a client.
    pub async fn revoke(&self, id: UserId) -> Result<(), StorageError> {
        let update = self.0.update::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
        let now = self.0.now();
        update.set(row::Column::RevokedAt, Expr::value(now)).exec().await.map(drop)
    }

    /// Notes that a client asked for a token.
    pub async fn used(&self, id: UserId) -> Result<(), StorageError> {
        let update = self.0.update::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
        let now = self.0.now();
        update.set(row::Column::LastUsedAt, Expr::value(now)).exec().await.map(drop)
    }
}

/// The limits of the clients that are let in, for the policy.
pub async fn limits(scope: &TenantScope) -> Result<Vec<ClientLimit>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::RevokedAt.is_null());
    let rows = found.filter(row::Column::ExpiresAt.gt(scope.now())).all().await?.into_iter();
    let limit =
        |row: row::Model| ClientLimit { client: row.id, per_minute: row.per_minute.unsigned_abs() };
    Ok(rows.map(limit).collect())
}
