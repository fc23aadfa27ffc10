//! Taking events in.

use crate::Bus;
use db::{Db, StorageError, StoredEvent, TenantScope};
use ids::TenantId;
use service_http::{Peer, PeerError};
use std::{sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

/// What a service does when something happened elsewhere.
#[async_trait::async_trait]
pub trait EventHandler: Send + Sync {
    /// Does it, inside the transaction that also notes the position: both happen or neither.
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError>;
}

/// An event could not be taken in; it is tried again, and those behind it wait.
#[derive(Debug, thiserror::Error)]
pub enum HandlerError {
    /// The payload is not what the contract says.
    #[error("the event cannot be read: {0}")]
    Unreadable(String),
    /// Reading or writing failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A rule refused what must not be refused.
    #[error("the event cannot be applied: {0}")]
    Refused(String),
}

/// A feature's interest in one kind of event.
#[derive(Clone)]
pub struct Subscription {
    /// The service it comes from.
    pub source: &'static str,
    /// The kind, see [`crate::Event::KIND`].
    pub kind: &'static str,
    /// What to do.
    pub handler: Arc<dyn EventHandler>,
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Subscription({})", self.kind)
    }
}

#[derive(Debug, thiserror::Error)]
enum ConsumeError {
    #[error(transparent)]
    Peer(#[from] PeerError),
    #[error("the producer answered {0}")]
    Answer(http::StatusCode),
    #[error("the producer's page cannot be read")]
    Page,
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error("event {position} ({kind})")]
    Handler { position: i64, kind: String, source: HandlerError },
}

/// Few: an event may carry a whole batch of units, and a page is held at once.
const PAGE: usize = 50;

/// Takes in the events of one source, in order, until `stop`.
pub async fn consume(
    db: Db,
    source: &'static str,
    producer: Peer,
    subscriptions: Vec<Subscription>,
    bus: Bus,
    stop: CancellationToken,
) {
    let mut head = bus.listen(source);
    let mut failures: u32 = 0;
    loop {
        let pause = match catch_up(&db, source, &producer, &subscriptions, &stop).await {
            Ok(()) => {
                failures = 0;
                Duration::from_secs(1)
            }
            Err(error) => {
                failures = failures.saturating_add(1);
                metrics::counter!("commonhold_events_failed_total", "source" => source)
                    .increment(1);
                let error = errors::chain(&error);
                tracing::warn!(error, source, failures, "events are not taken in; trying again");
                Duration::from_millis(200) * 2_u32.pow(failures.min(7))
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            _ = head.changed(), if failures == 0 => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn catch_up(
    db: &Db,
    source: &'static str,
    producer: &Peer,
    subscriptions: &[Subscription],
    stop: &CancellationToken,
) -> Result<(), ConsumeError> {
    let mut at = db.worker().inbox_position(source).await?;
    while !stop.is_cancelled() {
        let page = producer.get(&format!("/internal/events?after={at}&limit={PAGE}")).await?;
        if !page.status().is_success() {
            return Err(ConsumeError::Answer(page.status()));
        }
        let events: Vec<StoredEvent> =
            serde_json::from_slice(page.body()).map_err(|_| ConsumeError::Page)?;
        let Some(last) = events.last().cloned() else { return Ok(()) };
        let mut taken = at;
        for event in &events {
            let interested: Vec<&Subscription> =
                subscriptions.iter().filter(|s| s.kind == event.kind).collect();
            if !interested.is_empty() {
                let span = tracing::info_span!(
                    "event.consume",
                    otel.kind = "consumer",
                    event.kind = %event.kind,
                    event.position = event.position,
                    trace_id = tracing::field::Empty
                );
                telemetry::continue_trace(&span, event.traceparent.as_deref());
                take_in(db, source, event, interested).instrument(span).await?;
                metrics::counter!("commonhold_events_consumed_total", "source" => source)
                    .increment(1);
                taken = event.position;
            }
        }
        if taken < last.position {
            take_in(db, source, &last, Vec::new()).await?;
        }
        at = last.position;
    }
    Ok(())
}

async fn take_in(
    db: &Db,
    source: &str,
    event: &StoredEvent,
    interested: Vec<&Subscription>,
) -> Result<(), ConsumeError> {
    let scope = db.write(TenantId::from_uuid(event.tenant)).await?;
    if !scope.take_in(source, event.position).await? {
        return Ok(());
    }
    for subscription in interested {
        subscription.handler.handle(&scope, event).await.map_err(|error| {
            ConsumeError::Handler {
                position: event.position,
                kind: event.kind.clone(),
                source: error,
            }
        })?;
    }
    Ok(scope.commit().await?)
}
