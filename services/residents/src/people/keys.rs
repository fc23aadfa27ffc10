//! The data key of each company.

use super::repo;
use crate::ResidentsError;
use db::Db;
use ids::TenantId;
use parking_lot::Mutex;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;
use vault::{DataKey, Vault, VaultError};

/// A company's key, for sealing, opening and looking up personal data.
pub type CompanyKey = Arc<DataKey>;

/// The data keys of all companies, unwrapped once; cheap to clone.
#[derive(Clone, Debug)]
pub struct Keyring {
    vault: Vault,
    open: Arc<Mutex<HashMap<TenantId, CompanyKey>>>,
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
    pub async fn of(&self, db: &Db, tenant: TenantId) -> Result<CompanyKey, ResidentsError> {
        if let Some(key) = self.open.lock().get(&tenant) {
            return Ok(Arc::clone(key));
        }
        let context = tenant.to_string();
        let mut wrapped = repo::data_key(&db.read(tenant).await?).await?;
        if wrapped.is_none() {
            let (_, fresh) = self.vault.new_data_key(&context).await?;
            let scope = db.write(tenant).await?;
            repo::keep_data_key(&scope, &fresh).await?;
            scope.commit().await?;
            wrapped = repo::data_key(&db.read(tenant).await?).await?;
        }
        let wrapped = wrapped.ok_or(VaultError::Unavailable)?;
        let key = Arc::new(self.vault.data_key(&wrapped, &context).await?);
        self.open.lock().insert(tenant, Arc::clone(&key));
        Ok(key)
    }
}

/// What a sealed value is bound to: it opens in no other row and no other column.
pub fn place(person: Uuid, column: &str) -> String {
    format!("person/{}/{column}", person.simple())
}
