//! The long poll of the services.

use super::{page::page, repo};
use crate::{
    IdentityError,
    app::{Identity, Outcome},
};
use authz::PolicyPage;
use axum::{
    Json, Router,
    extract::{Query, State},
    routing::get,
};
use db::Left;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long an answer may wait for a change.
const PATIENCE: Duration = Duration::from_secs(25);
/// How often the table is looked at when no bell rings: another replica may have changed it.
const LOOK: Duration = Duration::from_millis(250);

/// `GET /internal/policy?after=N`; `stop` ends a wait.
pub fn routes(identity: Identity, stop: CancellationToken) -> Router {
    Router::new().route("/internal/policy", get(policy)).with_state(Poll { identity, stop })
}

#[derive(Clone)]
struct Poll {
    identity: Identity,
    stop: CancellationToken,
}

#[derive(serde::Deserialize)]
struct After {
    after: i64,
}

async fn policy(
    State(poll): State<Poll>,
    Query(After { after }): Query<After>,
) -> Result<Json<PolicyPage>, IdentityError> {
    changed(&poll, after).await?;
    Ok(Json(page(&poll.identity, after).await?))
}

/// Returns when there is another version than `after`, or after a while.
async fn changed(poll: &Poll, after: i64) -> Outcome<()> {
    let bell = poll.identity.db.bell(Left::Events);
    let until = Instant::now() + PATIENCE;
    loop {
        // Registered before looking, so that a commit in between is not missed.
        let rung = bell.notified();
        if repo::head(&poll.identity.db).await? != after
            || Instant::now() >= until
            || poll.stop.is_cancelled()
        {
            return Ok(());
        }
        let _ = tokio::time::timeout(LOOK, rung).await;
    }
}
