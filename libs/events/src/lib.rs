//! Facts that travel between services: recorded with the change, delivered in order, taken in
//! exactly once.
//!
//! The event log of the producing service is the truth; a consumer reads it page by page from the
//! position it stands at. The bus, in-process or Redis, only says that there is something to read,
//! so losing it loses nothing (docs/adr).

mod bus;
mod consume;
mod relay;

pub use bus::{Bus, connect_redis};
pub use consume::{EventHandler, HandlerError, Subscription, consume};
pub use relay::relay;

use db::{EventDraft, StorageError, StoredEvent, TenantScope};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

/// A fact other services may build on. Its JSON form is a public contract: change it by a new
/// version only.
pub trait Event: Serialize + DeserializeOwned + Send + Sync {
    /// `service.what_happened`, e.g. `residents.unit_registered`.
    const KIND: &'static str;
    /// The version of the payload.
    const VERSION: i32 = 1;
    /// The object whose events must stay in order, as text.
    fn aggregate(&self) -> String;
}

/// Records an event in the transaction that makes it true.
///
/// # Errors
/// When the rows cannot be written.
pub async fn publish<E: Event>(scope: &TenantScope, event: &E) -> Result<Uuid, StorageError> {
    let payload =
        serde_json::to_string(event).map_err(|e| StorageError::unreadable(e.to_string()))?;
    let draft = EventDraft {
        kind: E::KIND,
        version: E::VERSION,
        aggregate: event.aggregate(),
        payload,
        traceparent: telemetry::traceparent(),
    };
    db::push_event(scope, draft).await
}

/// Reads a stored event as `E`.
///
/// # Errors
/// When it is of another kind or version, or its payload cannot be read.
pub fn read<E: Event>(event: &StoredEvent) -> Result<E, HandlerError> {
    if event.kind != E::KIND || event.version != E::VERSION {
        let text =
            format!("expected {} v{}, got {} v{}", E::KIND, E::VERSION, event.kind, event.version);
        return Err(HandlerError::Unreadable(text));
    }
    // The parser's own words repeat the value it did not like.
    serde_json::from_str(&event.payload).map_err(|error| {
        let text =
            format!("{}, {:?} error at column {}", E::KIND, error.classify(), error.column());
        HandlerError::Unreadable(text)
    })
}
