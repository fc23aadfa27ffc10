//! Load: clients that say the same few requests over and over on connections that stay open.

mod http;

pub use http::{Connection, post};

use crate::stats::Sample;
use anyhow::{Result, bail};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{task::JoinSet, time::Instant};
use tokio_util::sync::CancellationToken;

/// How many clients there are at a time.
pub const CONNECTIONS: usize = 8;

/// What clients saw.
#[derive(Debug)]
pub struct Seen {
    /// How long each answer took, in milliseconds.
    pub took: Sample,
    /// Answers a second.
    pub per_second: f64,
}

/// Asks as fast as the answers come, on [`CONNECTIONS`] connections.
///
/// # Errors
/// When an answer is not a clean one.
pub async fn eager(port: u16, requests: &Arc<[Vec<u8>]>, lasts: Duration) -> Result<Seen> {
    let begun = Instant::now();
    let turn = Arc::new(AtomicUsize::new(0));
    let clients = (0..CONNECTIONS).map(|_| {
        let (requests, turn) = (Arc::clone(requests), Arc::clone(&turn));
        async move {
            let mut connection = Connection::open(port).await?;
            let mut took = Vec::new();
            while begun.elapsed() < lasts {
                let asked = Instant::now();
                let turn = turn.fetch_add(1, Ordering::Relaxed);
                clean(connection.call(&requests[turn % requests.len()]).await?)?;
                took.push(asked.elapsed().as_secs_f64() * 1e3);
            }
            Ok(took)
        }
    });
    all(begun, clients).await
}

/// Asks at fixed moments, `per_second` of them, until `stop`. A late answer delays nobody: time
/// counts from the moment at which the question was due, so waiting is not left out.
///
/// # Errors
/// When an answer is not a clean one.
pub async fn steady(
    port: u16,
    requests: &Arc<[Vec<u8>]>,
    per_second: f64,
    stop: &CancellationToken,
) -> Result<Seen> {
    let begun = Instant::now();
    let turn = Arc::new(AtomicU64::new(0));
    let clients = (0..CONNECTIONS).map(|_| {
        let (requests, turn, stop) = (Arc::clone(requests), Arc::clone(&turn), stop.clone());
        async move {
            let mut connection = Connection::open(port).await?;
            let mut took = Vec::new();
            loop {
                let turn = turn.fetch_add(1, Ordering::Relaxed);
                #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
                let due = begun + Duration::from_secs_f64(turn as f64 / per_second);
                tokio::select! {
                    () = stop.cancelled() => return Ok(took),
                    () = tokio::time::sleep_until(due) => {}
                }
                let request = usize::try_from(turn)? % requests.len();
                clean(connection.call(&requests[request]).await?)?;
                took.push(due.elapsed().as_secs_f64() * 1e3);
            }
        }
    });
    all(begun, clients).await
}

async fn all<F>(begun: Instant, clients: impl Iterator<Item = F>) -> Result<Seen>
where
    F: Future<Output = Result<Vec<f64>>> + Send + 'static,
{
    let mut running: JoinSet<Result<Vec<f64>>> = clients.collect();
    let mut took = Vec::new();
    while let Some(ended) = running.join_next().await {
        took.extend(ended??);
    }
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let per_second = took.len() as f64 / begun.elapsed().as_secs_f64();
    Ok(Seen { took: took.into_iter().collect(), per_second })
}

/// A GraphQL answer counts when it has data and no error.
fn clean((status, body): (u16, &[u8])) -> Result<()> {
    let contains = |text: &[u8]| body.windows(text.len()).any(|part| part == text);
    if status != 200 || contains(b"\"errors\":") || !contains(b"\"data\":") {
        let text = String::from_utf8_lossy(body);
        bail!("status {status}: {}", text.chars().take(500).collect::<String>());
    }
    Ok(())
}
