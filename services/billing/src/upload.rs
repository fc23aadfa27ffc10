//! Files that are handed in with a call of the graph.

use crate::say;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use errors::{Invalid, expected};

/// The most bytes of a file.
const MOST_BYTES: usize = 4_000_000;

/// The bytes of a file that came as Base64 in the field `content`.
///
/// # Errors
/// [`Invalid`] when it is no Base64, empty, or longer than 4,000,000 bytes.
pub(crate) fn decoded(content: &str) -> Result<Vec<u8>, Invalid> {
    let content: String = content.split_whitespace().collect();
    let bytes = STANDARD.decode(content);
    let bytes = bytes.map_err(|_| Invalid::new("content", say::bank_not_base64()))?;
    if bytes.is_empty() || bytes.len() > MOST_BYTES {
        return Err(Invalid::new("content", expected::length(1, MOST_BYTES)));
    }
    Ok(bytes)
}
