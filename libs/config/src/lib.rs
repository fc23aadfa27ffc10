//! Configuration: the environment, or a file, every key typed, checked and named when wrong.
//!
//! A key is looked up in the environment first, then in the TOML file named by
//! `COMMONHOLD_CONFIG`. A secret `X` may instead be the content of the file named by `X_FILE`.

use secrecy::SecretString;
use std::{collections::BTreeMap, path::PathBuf, str::FromStr, sync::Arc};

/// A key is missing or wrong.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// No value and no default.
    #[error("{key} is not set")]
    Missing {
        /// The key.
        key: String,
    },
    /// The value cannot be used.
    #[error("{key} must be {expected}")]
    Invalid {
        /// The key.
        key: String,
        /// What would do.
        expected: String,
    },
    /// A file cannot be read.
    #[error("{key}: {path} cannot be read")]
    Unreadable {
        /// The key that names the file.
        key: String,
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// Where values come from; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Config {
    values: Arc<BTreeMap<String, String>>,
}

impl Config {
    /// The environment of this process over the file that `COMMONHOLD_CONFIG` names.
    ///
    /// # Errors
    /// When that file cannot be read.
    pub fn from_env() -> Result<Self, ConfigError> {
        let mut values = BTreeMap::new();
        if let Ok(path) = std::env::var("COMMONHOLD_CONFIG") {
            values = read_file(path.into())?;
        }
        values.extend(std::env::vars());
        Ok(Self { values: Arc::new(values) })
    }

    /// Exactly these values; for tests and for embedded mode.
    pub fn from_values<K: Into<String>, V: Into<String>>(
        values: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let values = values.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        Self { values: Arc::new(values) }
    }

    /// These values where this configuration has none.
    #[must_use]
    pub fn or_values<K: Into<String>, V: Into<String>>(
        self,
        defaults: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let mut values: BTreeMap<String, String> =
            defaults.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        values.extend(self.values.iter().map(|(key, value)| (key.clone(), value.clone())));
        Self { values: Arc::new(values) }
    }

    /// A value, if it is set and not empty.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A value that must be there.
    ///
    /// # Errors
    /// [`ConfigError::Missing`].
    pub fn required(&self, key: &str) -> Result<&str, ConfigError> {
        self.text(key).ok_or_else(|| ConfigError::Missing { key: key.to_owned() })
    }

    /// A typed value; `expected` completes the sentence "KEY must be …".
    ///
    /// # Errors
    /// [`ConfigError::Invalid`].
    pub fn parsed<T: FromStr>(&self, key: &str, expected: &str) -> Result<Option<T>, ConfigError> {
        let invalid =
            || ConfigError::Invalid { key: key.to_owned(), expected: expected.to_owned() };
        self.text(key).map(|text| text.parse().map_err(|_| invalid())).transpose()
    }

    /// A secret, from `KEY` or from the file that `KEY_FILE` names.
    ///
    /// # Errors
    /// [`ConfigError::Unreadable`].
    pub fn secret(&self, key: &str) -> Result<Option<SecretString>, ConfigError> {
        if let Some(value) = self.text(key) {
            return Ok(Some(value.into()));
        }
        let file = format!("{key}_FILE");
        let Some(path) = self.text(&file).map(PathBuf::from) else { return Ok(None) };
        match std::fs::read_to_string(&path) {
            Ok(content) => Ok(Some(content.trim_end().into())),
            Err(source) => Err(ConfigError::Unreadable { key: file, path, source }),
        }
    }

    /// A secret that must be there.
    ///
    /// # Errors
    /// [`ConfigError::Missing`] or [`ConfigError::Unreadable`].
    pub fn required_secret(&self, key: &str) -> Result<SecretString, ConfigError> {
        self.secret(key)?.ok_or_else(|| ConfigError::Missing { key: key.to_owned() })
    }
}

fn read_file(path: PathBuf) -> Result<BTreeMap<String, String>, ConfigError> {
    let key = "COMMONHOLD_CONFIG".to_owned();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(source) => return Err(ConfigError::Unreadable { key, path, source }),
    };
    let expected = "a TOML file of KEY = \"value\" lines";
    let table: toml::Table =
        text.parse().map_err(|_| ConfigError::Invalid { key, expected: expected.to_owned() })?;
    let plain = |value: toml::Value| match value {
        toml::Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(table.into_iter().map(|(key, value)| (key, plain(value))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    #[test]
    fn a_missing_key_is_named() {
        let config = Config::from_values([("PORT", "80x")]);
        assert_eq!(config.required("HOST").unwrap_err().to_string(), "HOST is not set");
        let wrong = config.parsed::<u16>("PORT", "a port number").unwrap_err();
        assert_eq!(wrong.to_string(), "PORT must be a port number");
    }

    #[test]
    fn a_secret_may_be_in_a_file() {
        let path = std::env::temp_dir().join(format!("commonhold-secret-{}", std::process::id()));
        std::fs::write(&path, "hush\n").unwrap();
        let config = Config::from_values([("KEY_FILE", path.to_string_lossy())]);
        assert_eq!(config.required_secret("KEY").unwrap().expose_secret(), "hush");
        std::fs::remove_file(path).unwrap();
        assert!(config.required_secret("KEY").is_err());
    }

    #[test]
    fn defaults_stand_behind_what_is_set() {
        let config = Config::from_values([("A", "mine")]).or_values([("A", "default"), ("B", "b")]);
        assert_eq!((config.text("A"), config.text("B")), (Some("mine"), Some("b")));
    }
}
