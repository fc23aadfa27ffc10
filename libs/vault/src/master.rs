//! The master key and who keeps it.

use crate::{
    VaultError,
    data_key::{cipher, open, seal},
};
use aes_gcm::Aes256Gcm;
use clock::Clock;
use config::{Config, ConfigError};
use secrecy::ExposeSecret as _;

/// Keeps the master key: in this process, or in a key service that only wraps and unwraps.
#[async_trait::async_trait]
pub trait MasterKey: Send + Sync {
    /// Wraps a key; `context` names what it is for and must be given again to unwrap it.
    async fn wrap(&self, key: &[u8; 32], context: &str) -> Result<Vec<u8>, VaultError>;

    /// Unwraps a key.
    async fn unwrap(&self, wrapped: &[u8], context: &str) -> Result<[u8; 32], VaultError>;
}

/// The master key from the configuration: `MASTER_KEY`, or the file named by `MASTER_KEY_FILE`.
pub struct ConfiguredMasterKey {
    cipher: Aes256Gcm,
    clock: Clock,
}

impl std::fmt::Debug for ConfiguredMasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ConfiguredMasterKey")
    }
}

impl ConfiguredMasterKey {
    /// Reads the key.
    ///
    /// # Errors
    /// When it is missing or is not 64 hex digits.
    pub fn from_config(config: &Config, clock: Clock) -> Result<Self, ConfigError> {
        let text = config.required_secret("MASTER_KEY")?;
        let mut key = [0; 32];
        hex::decode_to_slice(text.expose_secret(), &mut key).map_err(|_| ConfigError::Invalid {
            key: "MASTER_KEY".to_owned(),
            expected: "64 hex digits".to_owned(),
        })?;
        Ok(Self { cipher: cipher(&key), clock })
    }
}

#[async_trait::async_trait]
impl MasterKey for ConfiguredMasterKey {
    async fn wrap(&self, key: &[u8; 32], context: &str) -> Result<Vec<u8>, VaultError> {
        Ok(seal(&self.cipher, &self.clock, key, context))
    }

    async fn unwrap(&self, wrapped: &[u8], context: &str) -> Result<[u8; 32], VaultError> {
        let key = open(&self.cipher, wrapped, context)?;
        key.try_into().map_err(|_| VaultError::NotOurs)
    }
}
