//! Hashing and checking passwords.

use crate::{IdentityError, app::Outcome};
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::phc::PasswordHash,
};
use config::{Config, ConfigError};
use std::sync::{Arc, OnceLock};
use tokio::sync::Semaphore;

/// argon2id with the configured cost; cheap to clone. At most as many hashes are computed at once
/// as there are cores, so that a flood of sign-ins cannot take the memory.
#[derive(Clone)]
pub struct Passwords(Arc<Inner>);

struct Inner {
    argon2: Argon2<'static>,
    turns: Semaphore,
    /// What an unknown login is checked against, so that it takes as long as a known one.
    dummy: OnceLock<String>,
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passwords")
    }
}

impl Passwords {
    /// `ARGON2_MEMORY_KIB` (19456 without it) and `ARGON2_PASSES` (2), OWASP's recommendation.
    pub fn from_config(config: &Config) -> Result<Self, ConfigError> {
        let memory = config.parsed("ARGON2_MEMORY_KIB", "a number of KiB")?.unwrap_or(19_456);
        let passes = config.parsed("ARGON2_PASSES", "a number of passes")?.unwrap_or(2);
        let params = Params::new(memory, passes, 1, None).map_err(|_| ConfigError::Invalid {
            key: "ARGON2_MEMORY_KIB".to_owned(),
            expected: "at least 8, with ARGON2_PASSES at least 1".to_owned(),
        })?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let turns = Semaphore::new(cores);
        Ok(Self(Arc::new(Inner { argon2, turns, dummy: OnceLock::new() })))
    }

    /// The hash to keep.
    pub async fn hash(&self, password: String) -> Outcome<String> {
        self.compute(move |inner| inner.hash(&password)).await?
    }

    /// Whether the password is the one behind the hash. Without a hash the answer is no, after the
    /// same work.
    pub async fn verify(&self, password: String, hash: Option<String>) -> bool {
        let checked = self.compute(move |inner| {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| inner.dummy());
            let hash = PasswordHash::new(&hash).ok();
            let right = hash.is_some_and(|hash| {
                inner.argon2.verify_password(password.as_bytes(), &hash).is_ok()
            });
            right && known
        });
        checked.await.unwrap_or(false)
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> T + Send + 'static,
    ) -> Outcome<T> {
        let defect = |text: String| IdentityError::Defect(text);
        let _turn = self.0.turns.acquire().await.map_err(|e| defect(e.to_string()))?;
        let inner = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || work(&inner)).await.map_err(|e| defect(e.to_string()))
    }
}

impl Inner {
    fn hash(&self, password: &str) -> Outcome<String> {
        let hash = self.argon2.hash_password(password.as_bytes());
        Ok(hash.map_err(|e| IdentityError::Defect(e.to_string()))?.to_string())
    }

    fn dummy(&self) -> String {
        self.dummy.get_or_init(|| self.hash("nobody's password").unwrap_or_default()).clone()
    }
}
