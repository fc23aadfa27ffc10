//! Sealing fields and hashing them for look-up.

use crate::VaultError;
use aes_gcm::{
    Aes256Gcm, Key, KeyInit as _, Nonce,
    aead::{Aead as _, Payload},
};
use clock::Clock;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// The first byte of everything sealed: which scheme it is.
const SCHEME: u8 = 1;
const NONCE: usize = 12;

/// One company's key. Sealing and hashing use two keys derived from it.
pub struct DataKey {
    cipher: Aes256Gcm,
    hash: [u8; 32],
    clock: Clock,
}

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey")
    }
}

impl DataKey {
    pub(crate) fn new(key: &[u8; 32], clock: Clock) -> Self {
        let cipher = cipher(&hmac(key, b"commonhold/seal"));
        Self { cipher, hash: hmac(key, b"commonhold/hash"), clock }
    }

    /// Seals a value; `aad` names the place it belongs to and must be given again to open it.
    pub fn seal(&self, plain: &[u8], aad: &str) -> Vec<u8> {
        seal(&self.cipher, &self.clock, plain, aad)
    }

    /// Opens a sealed value.
    ///
    /// # Errors
    /// [`VaultError::NotOurs`].
    pub fn open(&self, sealed: &[u8], aad: &str) -> Result<Vec<u8>, VaultError> {
        open(&self.cipher, sealed, aad)
    }

    /// The same value always has the same hash (64 hex digits) under this key, and no other key
    /// has it: what an index may hold.
    pub fn keyed_hash(&self, value: &str) -> String {
        hex::encode(hmac(&self.hash, value.as_bytes()))
    }
}

pub(crate) fn cipher(key: &[u8; 32]) -> Aes256Gcm {
    Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(key))
}

fn hmac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let mut mac =
        <Hmac<Sha256> as hmac::Mac>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

pub(crate) fn seal(cipher: &Aes256Gcm, clock: &Clock, plain: &[u8], aad: &str) -> Vec<u8> {
    let nonce: [u8; NONCE] = clock.bytes();
    let payload = Payload { msg: plain, aad: aad.as_bytes() };
    let body = cipher
        .encrypt(Nonce::from_slice(&nonce), payload)
        .expect("AES-GCM seals anything below 64 GiB");
    let mut sealed = Vec::with_capacity(1 + NONCE + body.len());
    sealed.push(SCHEME);
    sealed.extend(nonce);
    sealed.extend(body);
    sealed
}

pub(crate) fn open(cipher: &Aes256Gcm, sealed: &[u8], aad: &str) -> Result<Vec<u8>, VaultError> {
    let (scheme, rest) = sealed.split_first().ok_or(VaultError::NotOurs)?;
    if *scheme != SCHEME || rest.len() < NONCE {
        return Err(VaultError::NotOurs);
    }
    let (nonce, body) = rest.split_at(NONCE);
    let payload = Payload { msg: body, aad: aad.as_bytes() };
    cipher.decrypt(Nonce::from_slice(nonce), payload).map_err(|_| VaultError::NotOurs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> DataKey {
        DataKey::new(&[byte; 32], Clock::system())
    }

    #[test]
    fn a_value_cannot_be_moved_changed_or_opened_by_another_key() {
        let mut sealed = key(1).seal(b"secret", "row/1");
        assert_eq!(key(1).open(&sealed, "row/2"), Err(VaultError::NotOurs));
        assert_eq!(key(2).open(&sealed, "row/1"), Err(VaultError::NotOurs));
        assert_eq!(key(1).open(&sealed[..5], "row/1"), Err(VaultError::NotOurs));
        assert_eq!(key(1).open(&[], "row/1"), Err(VaultError::NotOurs));
        let last = sealed.len() - 1;
        sealed[last] ^= 1;
        assert_eq!(key(1).open(&sealed, "row/1"), Err(VaultError::NotOurs));
    }

    #[test]
    fn sealing_twice_gives_different_bytes_and_hashing_twice_the_same() {
        let key = key(1);
        assert_ne!(key.seal(b"secret", ""), key.seal(b"secret", ""));
        assert_eq!(key.keyed_hash("13812345678"), key.keyed_hash("13812345678"));
        assert_ne!(key.keyed_hash("13812345678"), self::key(2).keyed_hash("13812345678"));
    }
}
