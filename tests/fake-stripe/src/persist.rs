//! The state as one JSON file, replaced as a whole.

use crate::{peer::FakeStripe, state::State};
use std::{
    io::Write as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Changes inside this time share one write.
const DEBOUNCE: Duration = Duration::from_millis(200);
/// The whole state is written each time, so a long write is followed by a pause this many times as long.
const PAUSE: u32 = 4;

/// Reads the state of an earlier run; a missing file is an empty state.
pub(crate) fn load(path: &Path) -> std::io::Result<State> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(State::default()),
        Err(error) => Err(error),
    }
}

/// Replaces the file so that a crash leaves either the old or the new state.
pub(crate) fn save(path: &Path, state: &State) -> std::io::Result<()> {
    let fresh = path.with_extension("new");
    let mut file = std::fs::File::create(&fresh)?;
    file.write_all(&serde_json::to_vec(state)?)?;
    file.sync_all()?;
    std::fs::rename(fresh, path)
}

/// Writes after each change, until the process ends.
pub(crate) async fn keep(stripe: FakeStripe, path: PathBuf) {
    let mut changes = stripe.changes();
    let mut pause = DEBOUNCE;
    while changes.changed().await.is_ok() {
        tokio::time::sleep(pause).await;
        changes.borrow_and_update();
        let began = Instant::now();
        let state = stripe.lock().clone();
        let to = path.clone();
        match tokio::task::spawn_blocking(move || save(&to, &state)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "fake Stripe cannot keep its state"),
            Err(error) => {
                tracing::error!(%error, "writing the state of fake Stripe was broken off");
            }
        }
        pause = DEBOUNCE.max(began.elapsed() * PAUSE);
    }
}
