//! From the outbox to the bus.

use crate::Bus;
use db::{Db, Left};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Places committed events and announces them, until `stop`.
pub async fn relay(service: &'static str, db: Db, bus: Bus, stop: CancellationToken) {
    let work = db.bell(Left::Events);
    let mut announced = 0;
    loop {
        // Registered before looking, so that a commit in between is not missed.
        let more = work.notified();
        match db.worker().place_events().await {
            Ok(last) if last > announced => {
                announced = last;
                bus.announce(service, last).await;
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, service, "events could not be placed; trying again");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = more => {}
            // Another replica's commits ring only its own bell.
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}
