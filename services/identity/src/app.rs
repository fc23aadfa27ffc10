//! What the features of this service share.

use crate::{IdentityError, credentials::Passwords, keys::Keys};
use clock::Clock;
use db::Db;
use runtime::{ServiceContext, StartError};
use vault::Vault;

/// The database, the time, and the two things that make and check secrets; cheap to clone.
#[derive(Clone, Debug)]
pub struct Identity {
    pub db: Db,
    pub clock: Clock,
    pub passwords: Passwords,
    pub keys: Keys,
}

impl Identity {
    /// As configured: `MASTER_KEY`, `ARGON2_MEMORY_KIB`, `ARGON2_PASSES`.
    pub fn new(context: &ServiceContext) -> Result<Self, StartError> {
        let vault = Vault::from_config(&context.config, context.clock.clone())?;
        Ok(Self {
            db: context.db.clone(),
            clock: context.clock.clone(),
            passwords: Passwords::from_config(&context.config)?,
            keys: Keys::new(context.db.clone(), vault),
        })
    }
}

/// The outcome of a use case.
pub type Outcome<T> = Result<T, IdentityError>;
