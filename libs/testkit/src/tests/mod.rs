//! The frame's promises, on a service made for it: notes that belong to a company.

mod append_only;
mod cut_off;
mod events;
mod isolation;
mod jobs;
mod lists;
mod notes;
mod statistics;
mod tokens;

use crate::{Company, World};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// The world of this test binary.
async fn world() -> Arc<World> {
    static WORLD: OnceCell<Arc<World>> = OnceCell::const_new();
    let start = || async { Arc::new(World::start(vec![notes::service()], &[]).await) };
    Arc::clone(WORLD.get_or_init(start).await)
}

/// A company with one note in one estate.
async fn company_with_note(text: &str) -> (Company, ids::EstateId, String) {
    let company = world().await.company();
    let estate = company.estate("A", "Estate").await;
    let admin = company.staff("CADM", None).await;
    let input = serde_json::json!({ "estate": estate.to_string(), "text": text });
    let made = admin.send("notes", notes::WRITE, input).await.ok();
    let id = made["writeNote"].as_str().expect("an id").to_owned();
    (company, estate, id)
}
