//! Saying that there is something to read.

use parking_lot::Mutex;
use redis::{
    AsyncCommands as _, AsyncConnectionConfig, RedisResult,
    streams::{StreamMaxlen, StreamReadOptions, StreamReadReply},
};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Tells consumers how far a service's event log reaches. Lossy by design: whoever listens also
/// looks by itself from time to time.
#[derive(Clone, Default)]
pub struct Bus {
    heads: Arc<Mutex<HashMap<String, watch::Sender<i64>>>>,
    redis: Option<redis::aio::ConnectionManager>,
}

impl std::fmt::Debug for Bus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.redis.is_some() { "Bus(redis)" } else { "Bus(in-process)" })
    }
}

fn stream(source: &str) -> String {
    format!("commonhold:events:{source}")
}

impl Bus {
    /// A bus inside this process.
    pub fn in_process() -> Self {
        Self::default()
    }

    /// Says that `source` has events up to `position`. A Redis that does not answer is logged and
    /// otherwise ignored.
    pub async fn announce(&self, source: &str, position: i64) {
        self.note(source, position);
        let Some(mut redis) = self.redis.clone() else { return };
        let said: RedisResult<String> = redis
            .xadd_maxlen(stream(source), StreamMaxlen::Approx(100), "*", &[("position", position)])
            .await;
        if let Err(error) = said {
            tracing::debug!(%error, source, "redis did not take the announcement");
        }
    }

    /// The head of `source`'s log as it is announced.
    pub fn listen(&self, source: &str) -> watch::Receiver<i64> {
        self.head(source).subscribe()
    }

    fn note(&self, source: &str, position: i64) {
        self.head(source).send_if_modified(|head| {
            let ahead = position > *head;
            *head = position.max(*head);
            ahead
        });
    }

    fn head(&self, source: &str) -> watch::Sender<i64> {
        self.heads.lock().entry(source.to_owned()).or_insert_with(|| watch::Sender::new(0)).clone()
    }
}

/// A bus over Redis Streams that hears of `sources`. Redis need not be there now, or ever: it is
/// tried again in the background until `stop`.
///
/// # Errors
/// When the URL cannot be read.
pub fn connect_redis(url: &str, sources: &[&str], stop: CancellationToken) -> RedisResult<Bus> {
    let client = redis::Client::open(url)?;
    let patience = redis::aio::ConnectionManagerConfig::new()
        .set_connection_timeout(Some(Duration::from_millis(500)))
        .set_response_timeout(Some(Duration::from_millis(500)))
        .set_number_of_retries(1);
    let redis = redis::aio::ConnectionManager::new_lazy_with_config(client.clone(), patience)?;
    let bus = Bus { heads: Arc::default(), redis: Some(redis) };
    let streams: Vec<(String, String)> =
        sources.iter().map(|source| ((*source).to_owned(), stream(source))).collect();
    let heard = bus.clone();
    tokio::spawn(async move {
        let listen = async {
            loop {
                if let Err(error) = hear(&client, &streams, &heard).await {
                    tracing::debug!(%error, "redis cannot be heard; trying again");
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        };
        tokio::select! { () = stop.cancelled() => {}, () = listen => {} }
    });
    Ok(bus)
}

/// Reads announcements until Redis fails; on a connection of its own, because it blocks.
async fn hear(client: &redis::Client, streams: &[(String, String)], bus: &Bus) -> RedisResult<()> {
    let patient = AsyncConnectionConfig::new().set_response_timeout(None);
    let mut redis = client.get_multiplexed_async_connection_with_config(&patient).await?;
    let names: Vec<&str> = streams.iter().map(|(_, stream)| stream.as_str()).collect();
    let mut last: Vec<String> = vec!["$".to_owned(); names.len()];
    let options = StreamReadOptions::default().block(2_000).count(100);
    loop {
        let reply: Option<StreamReadReply> = redis.xread_options(&names, &last, &options).await?;
        for key in reply.into_iter().flat_map(|reply| reply.keys) {
            let Some(at) = names.iter().position(|name| *name == key.key) else { continue };
            for entry in key.ids {
                if let Some(position) = entry.get::<i64>("position") {
                    bus.note(&streams[at].0, position);
                }
                last[at] = entry.id;
            }
        }
    }
}
