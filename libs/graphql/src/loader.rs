//! Data loaders that stay in the trace.

use async_graphql::dataloader::DataLoader;
use tracing::Instrument as _;

/// A data loader whose statements belong to the request that asks.
pub fn loader<L>(load: L) -> DataLoader<L> {
    DataLoader::new(load, |task| tokio::spawn(task.in_current_span()))
}
