//! A service's HTTP interface.

use crate::{Parts, ServiceContext};
use async_graphql_axum::{GraphQLRequest, GraphQLResponse};
use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Query, State},
    middleware::from_fn_with_state,
    response::IntoResponse,
    routing::{get, post},
};
use db::Db;
use graphql::Subgraph;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use service_http::{Proof, require_proof};
use std::sync::Arc;

/// The largest request body a service takes: an upload.
const MAX_BODY: usize = 32 * 1024 * 1024;

/// Everything a service answers to: its own routes for whoever carries the proof, health for
/// anybody.
pub(crate) fn routes(context: &ServiceContext, parts: &Parts, proof: &Proof) -> Router {
    let guarded = Router::new()
        .route("/graphql", post(graphql_post))
        .with_state(Arc::clone(&parts.subgraph))
        .merge(Router::new().route("/internal/events", get(events)).with_state(context.db.clone()))
        .merge(parts.internal.clone())
        .merge(parts.public.clone())
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(proof.clone(), require_proof));
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .with_state(context.clone())
        .route("/metrics", get(|| async { telemetry::render_metrics() }))
        .merge(guarded)
        .layer(tower_http::catch_panic::CatchPanicLayer::new())
}

async fn graphql_post(
    State(subgraph): State<Arc<dyn Subgraph>>,
    headers: HeaderMap,
    request: GraphQLRequest,
) -> GraphQLResponse {
    subgraph.execute(headers, request.into_inner()).await.into()
}

#[derive(Deserialize)]
struct After {
    after: i64,
    limit: u64,
}

/// The event log, page by page.
async fn events(State(db): State<Db>, Query(page): Query<After>) -> impl IntoResponse {
    match db.events_after(page.after, page.limit.min(1_000)).await {
        Ok(events) => Json(events).into_response(),
        Err(error) => {
            tracing::warn!(%error, "the event log cannot be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// Ready: the database answers and the policy is known.
async fn ready(State(context): State<ServiceContext>) -> StatusCode {
    if context.policy.age().is_some() && context.db.ping().await {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}
