//! Companies and operators in and out.

use authz::{TenantState, UserId};
use db::{Db, StorageError, TenantScope, tenant_owned};
use ids::TenantId;
use sea_orm::{ActiveValue::Set, FromQueryResult, sea_query::Expr};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "companies")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        pub code: String,
        pub name: String,
        pub state: String,
        pub created_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod unit {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "usage_units")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub unit_id: Uuid,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row, unit);

/// A company on the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    pub tenant: TenantId,
    pub code: String,
    pub name: String,
    pub state: TenantState,
}

impl From<row::Model> for Company {
    fn from(row: row::Model) -> Self {
        let state = state(&row.state);
        Self { tenant: TenantId::from_uuid(row.tenant_id), code: row.code, name: row.name, state }
    }
}

fn state(word: &str) -> TenantState {
    match word {
        "active" => TenantState::Active,
        "suspended" => TenantState::Suspended,
        _ => TenantState::Closed,
    }
}

/// How a state is stored.
pub fn word(state: TenantState) -> &'static str {
    match state {
        TenantState::Active => "active",
        TenantState::Suspended => "suspended",
        TenantState::Closed => "closed",
    }
}

/// The company of a transaction.
pub async fn own(scope: &TenantScope) -> Result<Option<Company>, StorageError> {
    Ok(scope.find::<row::Entity>().one().await?.map(Into::into))
}

/// Registers the company of a transaction.
pub async fn insert(scope: &TenantScope, code: &str, name: &str) -> Result<(), StorageError> {
    scope
        .insert(row::ActiveModel {
            code: Set(code.to_owned()),
            name: Set(name.to_owned()),
            state: Set(word(TenantState::Active).to_owned()),
            created_at: Set(scope.now()),
            ..Default::default()
        })
        .await
}

/// Writes the state of the company of a transaction.
pub async fn set_state(scope: &TenantScope, state: TenantState) -> Result<(), StorageError> {
    let update = scope.update::<row::Entity>().set(row::Column::State, Expr::value(word(state)));
    update.exec().await.map(drop)
}

#[derive(FromQueryResult)]
struct Found {
    tenant_id: Uuid,
    code: String,
    name: String,
    state: String,
}

impl From<Found> for Company {
    fn from(row: Found) -> Self {
        let state = state(&row.state);
        Self { tenant: TenantId::from_uuid(row.tenant_id), code: row.code, name: row.name, state }
    }
}

/// The company with this code.
pub async fn by_code(db: &Db, code: &str) -> Result<Option<Company>, StorageError> {
    let sql = "SELECT tenant_id, code, name, state FROM companies WHERE code = $1";
    let rows: Vec<Found> = db.worker().rows(sql, [code.into()]).await?;
    Ok(rows.into_iter().next().map(Into::into))
}

/// Every company, by code.
pub async fn all(db: &Db) -> Result<Vec<Company>, StorageError> {
    let sql = "SELECT tenant_id, code, name, state FROM companies ORDER BY code";
    let rows: Vec<Found> = db.worker().rows(sql, []).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// An operator as stored.
#[derive(Clone, Debug, FromQueryResult)]
pub struct StoredOperator {
    pub id: Uuid,
    pub name: String,
    pub password_hash: String,
}

/// The operator of this name.
pub async fn operator(db: &Db, name: &str) -> Result<Option<StoredOperator>, StorageError> {
    let sql = "SELECT id, name, password_hash FROM platform_operators WHERE name = $1";
    Ok(db.worker().rows(sql, [name.into()]).await?.into_iter().next())
}

/// Registers an operator, or gives a known one another password.
pub async fn put_operator(
    db: &Db,
    name: &str,
    password_hash: String,
) -> Result<UserId, StorageError> {
    let sql = "INSERT INTO platform_operators (id, name, password_hash, created_at) \
               VALUES ($1, $2, $3, $4) \
               ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash \
               RETURNING id, name, password_hash";
    let id = db.clock().uuid();
    let values = [id.into(), name.into(), password_hash.into(), db.clock().now().into()];
    let rows: Vec<StoredOperator> = db.worker().change(sql, values).await?;
    Ok(UserId::from_uuid(rows.first().map_or(id, |row| row.id)))
}

/// Notes units that residents registered; known ones change nothing.
pub async fn count_units(scope: &TenantScope, units: Vec<Uuid>) -> Result<(), StorageError> {
    let rows =
        units.into_iter().map(|id| unit::ActiveModel { unit_id: Set(id), ..Default::default() });
    scope.insert_missing(rows, [unit::Column::TenantId, unit::Column::UnitId]).await
}

/// How many units the company has.
pub async fn units(scope: &TenantScope) -> Result<u64, StorageError> {
    scope.find::<unit::Entity>().count().await
}

/// Adds to the bytes of files that the company keeps.
pub async fn add_storage(scope: &TenantScope, bytes: i64) -> Result<(), StorageError> {
    let sql = "INSERT INTO usage_storage (tenant_id, bytes) VALUES ($1, $2) \
               ON CONFLICT (tenant_id) DO UPDATE SET bytes = usage_storage.bytes + excluded.bytes";
    scope.execute(sql, [bytes.into()]).await.map(drop)
}

/// How many bytes of files the company keeps.
pub async fn storage(scope: &TenantScope) -> Result<i64, StorageError> {
    let sql = "SELECT bytes FROM usage_storage WHERE tenant_id = $1";
    let rows: Vec<Kept> = scope.rows(sql, []).await?;
    Ok(rows.first().map_or(0, |row| row.bytes))
}

#[derive(FromQueryResult)]
struct Kept {
    bytes: i64,
}
