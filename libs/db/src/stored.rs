//! Values as text in columns: enums by their word, structures as JSON.

use crate::StorageError;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// The word of an enum without fields, e.g. `HALF_YEAR`.
///
/// # Errors
/// When the value is no word.
pub fn word(value: impl Serialize) -> Result<String, StorageError> {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => Ok(word),
        other => Err(StorageError::unreadable(format!("not a word: {other:?}"))),
    }
}

/// The enum of a word.
///
/// # Errors
/// When there is no such word.
pub fn read_word<T: DeserializeOwned>(word: &str) -> Result<T, StorageError> {
    serde_json::from_value(Value::String(word.to_owned()))
        .map_err(|e| StorageError::unreadable(e.to_string()))
}

/// A structure as JSON.
///
/// # Errors
/// When it has no JSON form.
pub fn json(value: impl Serialize) -> Result<String, StorageError> {
    serde_json::to_string(&value).map_err(|e| StorageError::unreadable(e.to_string()))
}

/// The structure of a JSON text.
///
/// # Errors
/// When the text is another structure.
pub fn read_json<T: DeserializeOwned>(text: &str) -> Result<T, StorageError> {
    serde_json::from_str(text).map_err(|e| StorageError::unreadable(e.to_string()))
}
