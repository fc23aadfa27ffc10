//! Why a process does not start.

/// The process cannot start; the text says what to change.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] config::ConfigError),
    /// The database cannot be reached or migrated.
    #[error("the database of `{service}` cannot be used")]
    Database {
        /// Whose database.
        service: &'static str,
        /// Why.
        source: db::StorageError,
    },
    /// Redis' address cannot be read.
    #[error("REDIS_URL cannot be read")]
    Redis(#[from] RedisUrl),
    /// The address is taken or not ours.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: String,
        /// Why.
        source: std::io::Error,
    },
    /// Telemetry.
    #[error(transparent)]
    Telemetry(#[from] telemetry::TelemetryError),
    /// Something only the service knows.
    #[error("{0}")]
    Service(String),
}

/// The client library's complaint about the URL.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct RedisUrl(pub(crate) String);
