//! Secrets at rest: a master key behind a provider wraps data keys, and a data key seals fields
//! and hashes them for look-up.

mod data_key;
mod master;

pub use data_key::DataKey;
pub use master::{ConfiguredMasterKey, MasterKey};

use clock::Clock;
use config::{Config, ConfigError};
use std::sync::Arc;

/// A secret cannot be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Another key, other additional data, or changed bytes.
    #[error("the sealed value does not open with this key")]
    NotOurs,
    /// The provider of the master key did not answer.
    #[error("the master key cannot be used now")]
    Unavailable,
}

/// Makes and opens data keys under the master key; cheap to clone.
#[derive(Clone)]
pub struct Vault {
    master: Arc<dyn MasterKey>,
    clock: Clock,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault")
    }
}

impl Vault {
    /// A vault under any provider.
    pub fn new(master: Arc<dyn MasterKey>, clock: Clock) -> Self {
        Self { master, clock }
    }

    /// A vault under the configured `MASTER_KEY`.
    ///
    /// # Errors
    /// When the key is missing or is not 64 hex digits.
    pub fn from_config(config: &Config, clock: Clock) -> Result<Self, ConfigError> {
        let master = ConfiguredMasterKey::from_config(config, clock.clone())?;
        Ok(Self::new(Arc::new(master), clock))
    }

    /// The provider, for keys that are not data keys, e.g. signing keys.
    pub fn master(&self) -> &dyn MasterKey {
        &*self.master
    }

    /// A fresh data key and its wrapped form, which alone may be stored.
    ///
    /// # Errors
    /// When the provider does not answer.
    pub async fn new_data_key(&self, context: &str) -> Result<(DataKey, Vec<u8>), VaultError> {
        let key = self.clock.bytes();
        let wrapped = self.master.wrap(&key, context).await?;
        Ok((DataKey::new(&key, self.clock.clone()), wrapped))
    }

    /// The data key that was stored wrapped, for the same `context`.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn data_key(&self, wrapped: &[u8], context: &str) -> Result<DataKey, VaultError> {
        let key = self.master.unwrap(wrapped, context).await?;
        Ok(DataKey::new(&key, self.clock.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(master: &str) -> Vault {
        let config = Config::from_values([("MASTER_KEY", master)]);
        Vault::from_config(&config, Clock::system()).unwrap()
    }

    #[tokio::test]
    async fn a_stored_data_key_opens_what_it_sealed() {
        let vault = vault(&"0a".repeat(32));
        let (key, wrapped) = vault.new_data_key("cmp_1").await.unwrap();
        let sealed = key.seal("张三".as_bytes(), "person/1");
        let again = vault.data_key(&wrapped, "cmp_1").await.unwrap();
        assert_eq!(again.open(&sealed, "person/1").unwrap(), "张三".as_bytes());
        assert_eq!(again.keyed_hash("138"), key.keyed_hash("138"));
    }

    #[tokio::test]
    async fn another_master_key_or_company_opens_nothing() {
        let (_, wrapped) = vault(&"0a".repeat(32)).new_data_key("cmp_1").await.unwrap();
        let other = vault(&"0b".repeat(32)).data_key(&wrapped, "cmp_1").await;
        assert_eq!(other.err(), Some(VaultError::NotOurs));
        let moved = vault(&"0a".repeat(32)).data_key(&wrapped, "cmp_2").await;
        assert_eq!(moved.err(), Some(VaultError::NotOurs));
    }

    #[test]
    fn a_master_key_of_the_wrong_length_is_refused() {
        let config = Config::from_values([("MASTER_KEY", "abc")]);
        let error = Vault::from_config(&config, Clock::system()).unwrap_err();
        assert_eq!(error.to_string(), "MASTER_KEY must be 64 hex digits");
    }
}
