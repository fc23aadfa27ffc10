//! The data key of each company, under which addresses of people are sealed.

use crate::Refused;
use db::{Db, Migration, StorageError, TenantScope, tenant_owned};
use ids::TenantId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};
use vault::{DataKey, Vault, VaultError};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "data_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub purpose: String,
        pub wrapped: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

const PERSONAL: &str = "personal_data";

/// The table of wrapped keys.
pub(crate) const fn migration() -> Migration {
    Migration {
        name: "20261201049000_data_keys",
        up: "CREATE TABLE data_keys (
            tenant_id UUID NOT NULL,
            purpose   TEXT NOT NULL,
            wrapped   TEXT NOT NULL,
            PRIMARY KEY (tenant_id, purpose)
        );",
        down: "DROP TABLE data_keys;",
        tenant_tables: &["data_keys"],
        append_only: &["data_keys"],
        system_tables: &[],
    }
}

/// A company's key, for sealing and opening personal data.
pub type CompanyKey = Arc<DataKey>;

/// The data keys of all companies, unwrapped once; cheap to clone.
#[derive(Clone, Debug)]
pub struct Keyring {
    vault: Vault,
    open: Arc<RwLock<HashMap<TenantId, CompanyKey>>>,
}

impl Keyring {
    /// Keys wrapped by this vault's master key.
    pub fn new(vault: Vault) -> Self {
        Self { vault, open: Arc::default() }
    }

    /// The company's key, made when there is none. Only a key that is committed is ever used, so
    /// call this before a transaction begins.
    ///
    /// # Errors
    /// When the master key or the database is not there.
    pub async fn of(&self, db: &Db, tenant: TenantId) -> Result<CompanyKey, Refused> {
        let known = self.open.read().unwrap_or_else(PoisonError::into_inner).get(&tenant).cloned();
        if let Some(key) = known {
            return Ok(key);
        }
        let context = tenant.to_string();
        let mut wrapped = read(&db.read(tenant).await?).await?;
        if wrapped.is_none() {
            let (_, fresh) = self.vault.new_data_key(&context).await?;
            let scope = db.write(tenant).await?;
            keep(&scope, &fresh).await?;
            scope.commit().await?;
            wrapped = read(&db.read(tenant).await?).await?;
        }
        let wrapped = wrapped.ok_or(VaultError::Unavailable)?;
        let key = Arc::new(self.vault.data_key(&wrapped, &context).await?);
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        open.insert(tenant, Arc::clone(&key));
        Ok(key)
    }
}

async fn read(scope: &TenantScope) -> Result<Option<Vec<u8>>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Purpose.eq(PERSONAL)).one().await?;
    let bytes =
        |row: row::Model| hex::decode(row.wrapped).map_err(|_| StorageError::unreadable("no hex"));
    found.map(bytes).transpose()
}

/// The first key stays, should two be made at once.
async fn keep(scope: &TenantScope, wrapped: &[u8]) -> Result<(), StorageError> {
    use row::Column as C;
    let row = row::ActiveModel {
        purpose: Set(PERSONAL.to_owned()),
        wrapped: Set(hex::encode(wrapped)),
        ..Default::default()
    };
    scope.insert_missing([row], [C::TenantId, C::Purpose]).await
}

/// Seals a text for one place; it opens in no other.
pub fn seal(key: &CompanyKey, place: &str, text: &str) -> String {
    hex::encode(key.seal(text.as_bytes(), place))
}

/// Opens a text that was sealed for this place.
///
/// # Errors
/// When it was sealed elsewhere or was changed.
pub fn open(key: &CompanyKey, place: &str, sealed: &str) -> Result<String, Refused> {
    let bytes = hex::decode(sealed).map_err(|_| StorageError::unreadable("no hex"))?;
    let plain = key.open(&bytes, place)?;
    Ok(String::from_utf8(plain).map_err(|_| StorageError::unreadable("no text"))?)
}
