//! The outgoing HTTP client.

use std::time::Duration;

/// How long a connection nobody uses is kept: shorter than the 5 s after which the gateway's server
/// closes it, since a request sent into a closing connection fails.
const IDLE: Duration = Duration::from_secs(3);

/// A client with a connect time-out of 2 s and the given time-out per request; connections are
/// kept open for a while.
///
/// # Panics
/// When the TLS back end cannot be set up, which only a broken installation causes.
pub fn client(timeout: Duration) -> reqwest::Client {
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(2))
        .timeout(timeout)
        .pool_idle_timeout(IDLE)
        .tcp_nodelay(true)
        .build()
        .expect("HTTP client can be set up")
}
