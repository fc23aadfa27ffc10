//! A service's HTTP interface.

use crate::{Parts, ServiceContext};
use async_graphql_axum::{GraphQLRequest, GraphQLResponse};
use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, MatchedPath, Query, Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::{get, post},
};
use db::Db;
use futures::{StreamExt as _, stream::BoxStream};
use graphql::Subgraph;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use service_http::{Proof, require_proof, speak};
use std::{sync::Arc, time::Instant};
use telemetry::Outcome;
use tracing::{Instrument as _, field::Empty};

/// The largest request body a service takes: an upload.
const MAX_BODY: usize = 32 * 1024 * 1024;

/// Everything a service answers to: its own routes for whoever carries the proof, health for
/// anybody.
pub(crate) fn routes(context: &ServiceContext, parts: &Parts, proof: &Proof) -> Router {
    let name: Arc<str> = parts.subgraph.name().into();
    let guarded = Router::new()
        .merge(graphql_route(Arc::clone(&parts.subgraph)))
        .merge(Router::new().route("/internal/events", get(events)).with_state(context.db.clone()))
        .merge(parts.internal.clone())
        .merge(parts.public.clone().layer(from_fn(speak)).layer(from_fn_with_state(name, observe)))
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

/// Middleware: a span and the metrics of a request to one of the service's own public routes.
async fn observe(State(service): State<Arc<str>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    let span = tracing::info_span!(
        "http",
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = request.method().as_str(),
        http.route = route,
        http.response.status_code = Empty,
        service = &*service,
        trace_id = Empty
    );
    let parent = request.headers().get("traceparent").and_then(|value| value.to_str().ok());
    telemetry::continue_trace(&span, parent);
    let begun = Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    span.record("http.response.status_code", status);
    telemetry::request_ended(&span, &service, Outcome::of_status(status), begun.elapsed());
    response
}

/// The GraphQL route of a service: JSON, or events for who asks for a stream.
pub fn graphql_route(subgraph: Arc<dyn Subgraph>) -> Router {
    Router::new().route("/graphql", post(graphql_post)).with_state(subgraph)
}

async fn graphql_post(
    State(subgraph): State<Arc<dyn Subgraph>>,
    headers: HeaderMap,
    request: GraphQLRequest,
) -> Response {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("text/event-stream")) {
        return events_of(subgraph.stream(headers, request.into_inner()));
    }
    GraphQLResponse::from(subgraph.execute(headers, request.into_inner()).await).into_response()
}

/// Answers as server-sent events: `next` each, `complete` at the end, as the protocol GraphQL over
/// SSE has it in its mode of distinct connections.
fn events_of(answers: BoxStream<'static, async_graphql::Response>) -> Response {
    let next = answers.map(|answer| Event::default().event("next").json_data(&answer));
    let complete = Event::default().event("complete").data("");
    let all = next.chain(futures::stream::once(async move { Ok(complete) }));
    // Says now and then that the connection is alive, for whatever lies between.
    Sse::new(all).keep_alive(KeepAlive::default()).into_response()
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
