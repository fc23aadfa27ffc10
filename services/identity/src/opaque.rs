//! Tokens that mean nothing to their bearer: refresh tokens, one-time links, client secrets.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use clock::Clock;
use ids::TenantId;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

/// Names a row of a company and proves to know its secret. Stored is only [`OpaqueToken::hash`].
#[derive(Clone, PartialEq, Eq)]
pub struct OpaqueToken {
    pub tenant: TenantId,
    pub id: Uuid,
    pub secret: [u8; 32],
}

impl OpaqueToken {
    /// A token for a row, with a fresh secret.
    pub fn new(clock: &Clock, tenant: TenantId, id: Uuid) -> Self {
        Self { tenant, id, secret: clock.bytes() }
    }

    /// SHA-256 of the secret, hex: 256 random bits need no slow hash.
    pub fn hash(&self) -> String {
        sha256(&self.secret)
    }

    /// Compared in constant time.
    pub fn matches(&self, hash: &str) -> bool {
        self.hash().as_bytes().ct_eq(hash.as_bytes()).into()
    }

    /// What the bearer keeps.
    pub fn text(&self) -> String {
        let tenant = self.tenant.as_uuid();
        let parts = [&tenant.as_bytes()[..], &self.id.as_bytes()[..], &self.secret[..]];
        URL_SAFE_NO_PAD.encode(parts.concat())
    }

    /// Reads what the bearer sent.
    pub fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (tenant, rest) = bytes.split_at_checked(16)?;
        let (id, secret) = rest.split_at_checked(16)?;
        Some(Self {
            tenant: TenantId::from_uuid(Uuid::from_slice(tenant).ok()?),
            id: Uuid::from_slice(id).ok()?,
            secret: secret.try_into().ok()?,
        })
    }
}

/// SHA-256, hex.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_rubbish_does_not() {
        let clock = Clock::system();
        let token = OpaqueToken::new(&clock, TenantId::from_uuid(clock.uuid()), clock.uuid());
        let back = OpaqueToken::read(&token.text()).unwrap();
        assert!(back == token && back.matches(&token.hash()));
        assert!(OpaqueToken::read("").is_none());
        assert!(OpaqueToken::read(&token.text()[2..]).is_none());
        assert!(!OpaqueToken::new(&clock, token.tenant, token.id).matches(&token.hash()));
    }
}
