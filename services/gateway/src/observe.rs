//! A span and the metrics of every request of the public origin.

use hive_router::ntex::{
    self, Middleware, Service, ServiceCtx, SharedCfg,
    web::{self, DefaultError, WebRequest, WebResponse},
};
use std::time::Instant;
use telemetry::Outcome;
use tracing::{Instrument as _, field::Empty};

/// The middleware.
pub(crate) struct Observe;

/// Everything behind it.
pub(crate) struct Observed<S> {
    service: S,
}

impl<S> Middleware<S, SharedCfg> for Observe {
    type Service = Observed<S>;

    fn create(&self, service: S, _: SharedCfg) -> Self::Service {
        Observed { service }
    }
}

impl<S> Service<WebRequest<DefaultError>> for Observed<S>
where
    S: Service<WebRequest<DefaultError>, Response = WebResponse, Error = web::Error>,
{
    type Response = WebResponse;
    type Error = S::Error;

    ntex::forward_ready!(service);

    async fn call(
        &self,
        request: WebRequest<DefaultError>,
        ctx: ServiceCtx<'_, Self>,
    ) -> Result<Self::Response, Self::Error> {
        let Some(route) = route(request.path()) else {
            return ctx.call(&self.service, request).await;
        };
        let span = tracing::info_span!(
            "gateway",
            otel.kind = "server",
            otel.status_code = Empty,
            http.request.method = request.method().as_str(),
            http.route = route,
            http.response.status_code = Empty,
            trace_id = Empty
        );
        let parent = request.headers().get("traceparent").and_then(|value| value.to_str().ok());
        telemetry::continue_trace(&span, parent);
        let begun = Instant::now();
        let answer = ctx.call(&self.service, request).instrument(span.clone()).await;
        let status = answer.as_ref().map_or(500, |answer| answer.status().as_u16());
        span.record("http.response.status_code", status);
        telemetry::request_ended(&span, "gateway", Outcome::of_status(status), begun.elapsed());
        answer
    }
}

/// The part of the origin a path belongs to; nothing for probes and metrics.
fn route(path: &str) -> Option<&'static str> {
    match path.trim_start_matches('/').split('/').next().unwrap_or_default() {
        "healthz" | "readyz" | "metrics" => None,
        "graphql" => Some("/graphql"),
        "graphiql" => Some("/graphiql"),
        "auth" => Some("/auth"),
        "files" => Some("/files"),
        "verify" => Some("/verify"),
        "webhooks" => Some("/webhooks"),
        _ => Some("/"),
    }
}

#[cfg(test)]
mod tests {
    use super::route;

    #[test]
    fn a_path_shows_its_part_of_the_origin_alone() {
        assert_eq!(route("/files/billing/fil_1"), Some("/files"));
        assert_eq!(route("/people/zhang"), Some("/"));
        assert_eq!(route("/readyz"), None);
    }
}
