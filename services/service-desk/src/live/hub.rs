//! Following the service's own log, for everybody who listens in this process.

use super::Change;
use db::{Db, StorageError};
use events::Bus;
use ids::{EstateId, TenantId};
use std::{sync::Arc, time::Duration};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio_util::sync::CancellationToken;

/// How many changes a slow listener may be behind before it reads the log itself.
const KEPT: usize = 1_024;
/// How many events are read at once.
const PAGE: u64 = 500;

/// Where changes are heard.
#[derive(Clone, Debug)]
pub(crate) struct Hub {
    changes: broadcast::Sender<Arc<Change>>,
}

impl Hub {
    /// A hub that nobody speaks into yet, see [`follow`].
    pub(crate) fn new() -> Self {
        Self { changes: broadcast::Sender::new(KEPT) }
    }

    /// Listens to an estate; after a position of the log, or from now on.
    pub(crate) async fn listen(
        &self,
        db: &Db,
        (tenant, estate): (TenantId, EstateId),
        after: Option<i64>,
    ) -> Result<Listener, StorageError> {
        // Heard from here on, so that nothing falls between the log and the hub.
        let changes = self.changes.subscribe();
        let after = match after {
            Some(after) => after,
            None => db.worker().last_position().await?,
        };
        let (db, behind) = (db.clone(), Vec::new());
        Ok(Listener { db, changes, tenant, estate, after, behind, catching_up: true })
    }
}

/// Reads the service's log as it grows and tells whoever listens, until `stop`.
pub(crate) async fn follow(hub: Hub, db: Db, bus: Bus, stop: CancellationToken) {
    let mut head = bus.listen("service-desk");
    let mut at = None;
    loop {
        match catch_up(&hub, &db, at).await {
            Ok(now) => at = Some(now),
            Err(error) => tracing::warn!(%error, "the service's own log cannot be read"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            _ = head.changed() => {}
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}

/// Tells what stands after a position; the first time nothing, which is where it begins.
async fn catch_up(hub: &Hub, db: &Db, at: Option<i64>) -> Result<i64, StorageError> {
    let Some(mut at) = at else { return db.worker().last_position().await };
    loop {
        let events = db.events_after(at, PAGE).await?;
        let Some(last) = events.last() else { return Ok(at) };
        at = last.position;
        for change in events.iter().filter_map(Change::of) {
            // An error says that nobody listens.
            let _ = hub.changes.send(Arc::new(change));
        }
    }
}

/// Hears the changes of one estate, each once and in order.
#[derive(Debug)]
pub(crate) struct Listener {
    db: Db,
    changes: broadcast::Receiver<Arc<Change>>,
    tenant: TenantId,
    estate: EstateId,
    after: i64,
    /// What was read from the log, the next last.
    behind: Vec<Change>,
    /// Whether the log has more than the hub will tell.
    catching_up: bool,
}

impl Listener {
    /// The next change of the estate; `None` when the service ends.
    pub(crate) async fn next(&mut self) -> Result<Option<Change>, StorageError> {
        loop {
            if let Some(change) = self.behind.pop() {
                return Ok(Some(change));
            }
            if self.catching_up {
                self.read_log().await?;
                continue;
            }
            match self.changes.recv().await {
                Ok(change) if change.position <= self.after => {}
                Ok(change) => {
                    self.after = change.position;
                    if self.is_ours(&change) {
                        return Ok(Some(Change::clone(&change)));
                    }
                }
                Err(RecvError::Lagged(_)) => self.catching_up = true,
                Err(RecvError::Closed) => return Ok(None),
            }
        }
    }

    async fn read_log(&mut self) -> Result<(), StorageError> {
        let events = self.db.events_after(self.after, PAGE).await?;
        match events.last() {
            Some(last) => self.after = last.position,
            None => self.catching_up = false,
        }
        let changes = events.iter().rev().filter_map(Change::of);
        self.behind = changes.filter(|change| self.is_ours(change)).collect();
        Ok(())
    }

    fn is_ours(&self, change: &Change) -> bool {
        change.tenant == self.tenant && change.estate == self.estate
    }
}
