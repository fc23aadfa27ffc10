//! The outgoing HTTP client.

use std::time::Duration;

/// A client with a connect time-out of 2 s and the given time-out per request; connections are
/// kept open.
///
/// # Panics
/// When the TLS back end cannot be set up, which only a broken installation causes.
pub fn client(timeout: Duration) -> reqwest::Client {
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(2))
        .timeout(timeout)
        .tcp_nodelay(true)
        .build()
        .expect("HTTP client can be set up")
}
