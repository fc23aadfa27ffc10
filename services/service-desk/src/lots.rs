//! Drawing by lot so that anybody who has the seed draws the same again.

use sha2::{Digest as _, Sha256};

/// The lot of a thing: things sorted by it are in an order that only the seed decides.
pub fn lot(seed: &str, thing: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(seed).chain_update(thing).finalize().into()
}
