//! The hook for a virus scanner.

use bytes::Bytes;
use config::{Config, ConfigError};
use std::{sync::Arc, time::Duration};

/// How long a scanner may take for one file.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a scanner says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was found.
    Clean,
    /// A virus was found.
    Infected,
}

/// The scanner does not say.
#[derive(Debug, thiserror::Error)]
#[error("the virus scanner does not answer: {0}")]
pub struct ScanError(String);

/// Looks for viruses.
#[async_trait::async_trait]
pub trait Scanner: Send + Sync + std::fmt::Debug {
    /// Whether files wait for this scanner before they are handed out.
    fn must_look(&self) -> bool;

    /// Looks at one file.
    async fn scan(&self, bytes: Bytes) -> Result<Verdict, ScanError>;
}

/// Nobody looks: files are handed out as they come.
#[derive(Clone, Copy, Debug)]
pub struct NoScan;

#[async_trait::async_trait]
impl Scanner for NoScan {
    fn must_look(&self) -> bool {
        false
    }

    async fn scan(&self, _bytes: Bytes) -> Result<Verdict, ScanError> {
        Ok(Verdict::Clean)
    }
}

/// A scanner behind HTTP: the file is posted to it; 200 says clean, 422 infected.
#[derive(Clone, Debug)]
pub struct HttpScan {
    url: String,
}

impl HttpScan {
    /// The scanner at this address.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into() }
    }
}

#[async_trait::async_trait]
impl Scanner for HttpScan {
    fn must_look(&self) -> bool {
        true
    }

    async fn scan(&self, bytes: Bytes) -> Result<Verdict, ScanError> {
        let request = service_http::client(PATIENCE).post(&self.url).body(bytes);
        let answer = request.send().await.map_err(|error| ScanError(error.to_string()))?;
        match answer.status().as_u16() {
            200 => Ok(Verdict::Clean),
            422 => Ok(Verdict::Infected),
            other => Err(ScanError(format!("status {other}"))),
        }
    }
}

/// The scanner at `VIRUS_SCAN_URL`, or nobody when that is not set.
///
/// # Errors
/// When it is no address.
pub fn configured(config: &Config) -> Result<Arc<dyn Scanner>, ConfigError> {
    let url: Option<http::Uri> = config.parsed("VIRUS_SCAN_URL", "an http or https address")?;
    match url {
        None => Ok(Arc::new(NoScan)),
        Some(url) if matches!(url.scheme_str(), Some("http" | "https")) => {
            Ok(Arc::new(HttpScan::new(url.to_string())))
        }
        Some(_) => Err(ConfigError::Invalid {
            key: "VIRUS_SCAN_URL".to_owned(),
            expected: "an http or https address".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scanner_is_there_when_its_address_is() {
        let with = |url: &str| configured(&Config::from_values([("VIRUS_SCAN_URL", url)]));
        assert!(!with("").unwrap().must_look());
        assert!(with("http://scanner:8080/scan").unwrap().must_look());
        for wrong in ["scanner", "ftp://scanner/", "not an address"] {
            assert!(with(wrong).is_err(), "{wrong}");
        }
    }
}
