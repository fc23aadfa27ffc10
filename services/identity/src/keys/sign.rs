//! Making keys and signing with them.

use super::repo::{self, StoredKey};
use crate::{IdentityError, app::Outcome, policy};
use authz::{Claims, PublicKey};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::Duration;
use db::Db;
use ed25519_dalek::SigningKey;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use vault::Vault;

/// What stands before the 32 secret bytes in the PKCS#8 form of an Ed25519 key.
const PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// Signs access tokens; cheap to clone.
#[derive(Clone, Debug)]
pub struct Keys {
    db: Db,
    vault: Vault,
}

impl Keys {
    /// Keys in this database, sealed by this vault.
    pub fn new(db: Db, vault: Vault) -> Self {
        Self { db, vault }
    }

    /// The public halves of all keys. The first call ever makes the first key.
    pub async fn public(&self) -> Outcome<Vec<PublicKey>> {
        let mut keys = repo::all(&self.db).await?;
        if keys.is_empty() {
            self.add(Duration::zero()).await?;
            keys = repo::all(&self.db).await?;
        }
        Ok(keys.into_iter().map(|key| PublicKey { kid: key.kid, x: key.public }).collect())
    }

    /// Makes a new key that signs from a minute on, when every service knows it. Older keys stay
    /// published, so that tokens they signed keep working.
    pub async fn rotate(&self) -> Outcome<String> {
        self.add(Duration::minutes(1)).await
    }

    async fn add(&self, active_in: Duration) -> Outcome<String> {
        let clock = self.db.clock();
        let secret = SigningKey::from_bytes(&clock.bytes());
        let kid = clock.uuid().simple().to_string();
        let wrapped = self.vault.master().wrap(secret.as_bytes(), &context(&kid)).await?;
        let key = StoredKey {
            kid: kid.clone(),
            public: URL_SAFE_NO_PAD.encode(secret.verifying_key().as_bytes()),
            wrapped: hex::encode(wrapped),
            active_from: clock.now() + active_in,
        };
        repo::insert(&self.db, key).await?;
        policy::bump_all(&self.db).await?;
        Ok(kid)
    }

    /// Signs with the newest active key.
    pub async fn sign(&self, claims: &Claims) -> Outcome<String> {
        let now = self.db.clock().now();
        let keys = repo::all(&self.db).await?;
        let key = keys.iter().find(|key| key.active_from <= now).or(keys.last());
        let key = key.ok_or_else(|| IdentityError::Defect("there is no signing key".to_owned()))?;
        let wrapped = hex::decode(&key.wrapped).map_err(|_| vault::VaultError::NotOurs)?;
        let secret = self.vault.master().unwrap(&wrapped, &context(&key.kid)).await?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(key.kid.clone());
        let der = [&PKCS8[..], &secret[..]].concat();
        jsonwebtoken::encode(&header, claims, &EncodingKey::from_ed_der(&der))
            .map_err(|error| IdentityError::Defect(error.to_string()))
    }
}

fn context(kid: &str) -> String {
    format!("signing key {kid}")
}
