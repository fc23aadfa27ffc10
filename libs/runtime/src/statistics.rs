//! Statistics of tables that grow.

use db::{Db, Left};
use tokio_util::sync::CancellationToken;

/// Keeps them good enough while many rows come in, until `stop`.
pub(crate) async fn keep(service: &'static str, db: Db, stop: CancellationToken) {
    let grown = db.bell(Left::Rows);
    while stop.run_until_cancelled(grown.notified()).await.is_some() {
        if let Err(error) = db.worker().refresh_statistics().await {
            tracing::warn!(%error, service, "statistics could not be refreshed");
        }
    }
}
