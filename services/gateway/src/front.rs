//! Everything on the public origin beside GraphQL: the services' own routes and the web
//! application.

use crate::{
    headers,
    site::{self, Page},
    transport::Aborting,
};
use hive_router::ntex::{
    http::{Method, RequestHead, StatusCode, header},
    web::{self, DefaultError, HttpRequest, HttpResponse, types::Payload},
};
use http::{Request, Response};
use service_http::Peers;
use std::{path::PathBuf, sync::Arc, time::Duration};
use tokio::runtime::Handle;
use tracing::Instrument as _;

/// The largest upload, in bytes.
const UPLOAD: usize = 30 * 1024 * 1024;

/// The largest other request, in bytes.
const MESSAGE: usize = 1024 * 1024;

/// How long a service may take for one request of its own routes.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the routes beside GraphQL work with.
pub(crate) struct Front {
    pub(crate) peers: Peers,
    pub(crate) runtime: Handle,
    pub(crate) web_dir: Option<PathBuf>,
    /// Where GraphiQL was built, if this gateway shows it.
    pub(crate) graphiql: Option<PathBuf>,
}

/// Where a path leads.
#[derive(Debug, PartialEq, Eq)]
enum Target {
    /// To a service's own routes, under another path perhaps; at most so many bytes.
    Peer { service: String, path: String, cap: usize },
    /// To a file of GraphiQL.
    Graphiql(String),
    /// To the web application.
    Site,
    /// Nowhere.
    Nothing,
}

fn target(path: &str) -> Target {
    let mut parts = path.trim_start_matches('/').splitn(2, '/');
    let (first, rest) = (parts.next().unwrap_or_default(), parts.next());
    match (first, rest) {
        ("auth", Some(rest)) if !rest.is_empty() => {
            Target::Peer { service: "identity".to_owned(), path: path.to_owned(), cap: MESSAGE }
        }
        ("webhooks", Some(rest)) if !rest.is_empty() => {
            Target::Peer { service: "billing".to_owned(), path: path.to_owned(), cap: MESSAGE }
        }
        ("verify", Some(rest)) if !rest.is_empty() => {
            Target::Peer { service: "billing".to_owned(), path: path.to_owned(), cap: MESSAGE }
        }
        ("files", Some(rest)) if !rest.is_empty() => {
            let (service, file) = rest.split_once('/').unwrap_or((rest, ""));
            let file = if file.is_empty() { String::new() } else { format!("/{file}") };
            Target::Peer { service: service.to_owned(), path: format!("/files{file}"), cap: UPLOAD }
        }
        ("graphiql", Some(file)) => Target::Graphiql(file.to_owned()),
        // Of these a service has more than the gateway shows; a place in the application never
        // has such a name.
        ("auth" | "webhooks" | "verify" | "files" | "internal", _) => Target::Nothing,
        _ => Target::Site,
    }
}

/// Answers one request.
pub(crate) async fn answer(front: Arc<Front>, request: HttpRequest, body: Payload) -> HttpResponse {
    match target(request.path()) {
        Target::Peer { service, path, cap } => {
            front.pass_on(&service, &path, cap, &request, body).await
        }
        Target::Graphiql(file) => front.graphiql_file(file).await,
        Target::Site => front.page(&request).await,
        Target::Nothing => HttpResponse::NotFound().finish(),
    }
}

impl Front {
    async fn pass_on(
        &self,
        service: &str,
        path: &str,
        cap: usize,
        request: &HttpRequest,
        body: Payload,
    ) -> HttpResponse {
        let Some(peer) = self.peers.get(service).cloned() else {
            return HttpResponse::NotFound().finish();
        };
        let body = match read(body, request, cap).await {
            Ok(body) => body,
            Err(status) => return HttpResponse::build(status).finish(),
        };
        let uri = match request.query_string() {
            "" => path.to_owned(),
            query => format!("{path}?{query}"),
        };
        let onward = Request::builder().method(request.method().clone()).uri(uri).body(body);
        let Ok(mut onward) = onward else { return HttpResponse::BadRequest().finish() };
        *onward.headers_mut() = headers::to_peer(request.headers());
        let call = async move { peer.call(onward).await };
        let call = self.runtime.spawn(call.in_current_span());
        let answer = tokio::time::timeout(PATIENCE, Aborting(call).finish()).await;
        match answer {
            Ok(Ok(Ok(response))) => passed_back(&response, service, path),
            Ok(Ok(Err(error))) => away(service, &error),
            Ok(Err(error)) => away(service, &error),
            Err(error) => away(service, &error),
        }
    }

    async fn page(&self, request: &HttpRequest) -> HttpResponse {
        if *request.method() != Method::GET && *request.method() != Method::HEAD {
            return HttpResponse::MethodNotAllowed().header(header::ALLOW, "GET, HEAD").finish();
        }
        let page = match self.web_dir.clone() {
            Some(root) => {
                let path = request.path().to_owned();
                let accepts = request.headers().get(header::ACCEPT_ENCODING);
                let accepts = accepts.and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
                let reading =
                    self.runtime.spawn_blocking(move || site::read(&root, &path, &accepts));
                reading.await.ok().flatten()
            }
            None => (request.path() == "/").then(site::stand_in),
        };
        sent(page, site::POLICY)
    }

    async fn graphiql_file(&self, file: String) -> HttpResponse {
        let Some(root) = self.graphiql.clone() else { return HttpResponse::NotFound().finish() };
        let read = self.runtime.spawn_blocking(move || site::file(&root, &file));
        sent(read.await.ok().flatten(), site::GRAPHIQL_POLICY)
    }
}

fn sent(page: Option<Page>, policy: &'static str) -> HttpResponse {
    let Some(page) = page else { return HttpResponse::NotFound().finish() };
    let mut response = HttpResponse::Ok();
    response
        .header(header::CONTENT_TYPE, page.media_type)
        .header(header::CACHE_CONTROL, page.cache)
        .header(header::VARY, "accept-encoding")
        .header(header::CONTENT_SECURITY_POLICY, policy)
        .header("cross-origin-opener-policy", "same-origin")
        .header("permissions-policy", "camera=(), geolocation=(), microphone=()");
    if let Some(encoding) = page.encoding {
        response.header(header::CONTENT_ENCODING, encoding);
    }
    response.body(page.body)
}

/// GraphiQL, for a browser that opens the API's address; everybody else passes.
pub(crate) fn graphiql(front: Arc<Front>) -> web::Resource<DefaultError> {
    let is_browser = |head: &RequestHead| {
        let accept = head.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
        head.method == Method::GET && accept.is_some_and(|accept| accept.contains("text/html"))
    };
    let page = move || {
        let root = front.graphiql.clone().unwrap_or_default();
        let read = front.runtime.spawn_blocking(move || site::graphiql(&root));
        async move { sent(read.await.ok(), site::GRAPHIQL_POLICY) }
    };
    web::resource("/graphql").guard(web::guard::fn_guard(is_browser)).route(web::get().to(page))
}

async fn read(
    mut body: Payload,
    request: &HttpRequest,
    cap: usize,
) -> Result<bytes::Bytes, StatusCode> {
    let declared = request.headers().get(header::CONTENT_LENGTH);
    let declared = declared.and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<usize>().ok());
    if declared.is_some_and(|length| length > cap) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let mut all = Vec::with_capacity(declared.unwrap_or_default());
    while let Some(chunk) = body.recv().await {
        let chunk = chunk.map_err(|_| StatusCode::BAD_REQUEST)?;
        if all.len() + chunk.len() > cap {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        all.extend_from_slice(&chunk);
    }
    Ok(all.into())
}

fn passed_back(response: &Response<bytes::Bytes>, service: &str, path: &str) -> HttpResponse {
    tracing::debug!(service, path, status = response.status().as_u16(), "passed on");
    let mut back = HttpResponse::build(response.status());
    for (name, value) in headers::to_client(response.headers()) {
        back.header(name, value);
    }
    if path.starts_with("/files") {
        // Somebody uploaded this: it may be looked at, never run.
        back.set_header(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        );
    }
    back.body(response.body().to_vec())
}

fn away(service: &str, error: &(dyn std::error::Error + 'static)) -> HttpResponse {
    tracing::warn!(service, error, "service did not answer");
    HttpResponse::ServiceUnavailable().header(header::RETRY_AFTER, "5").finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(service: &str, path: &str, cap: usize) -> Target {
        Target::Peer { service: service.to_owned(), path: path.to_owned(), cap }
    }

    #[test]
    fn each_path_leads_to_its_service_and_everything_else_to_the_application() {
        assert_eq!(target("/auth/session"), peer("identity", "/auth/session", MESSAGE));
        assert_eq!(target("/webhooks/stripe/x"), peer("billing", "/webhooks/stripe/x", MESSAGE));
        assert_eq!(target("/verify/K7QF"), peer("billing", "/verify/K7QF", MESSAGE));
        assert_eq!(target("/files/billing"), peer("billing", "/files", UPLOAD));
        assert_eq!(target("/files/billing/fil_1"), peer("billing", "/files/fil_1", UPLOAD));
        assert_eq!(target("/graphiql/main.js"), Target::Graphiql("main.js".to_owned()));
        assert_eq!(target("/bills/1"), Target::Site);
        assert_eq!(target("/"), Target::Site);
    }

    #[test]
    fn nothing_internal_has_a_public_path() {
        for path in ["/internal/policy", "/internal", "/files/", "/webhooks", "/verify", "/auth"] {
            assert_eq!(target(path), Target::Nothing, "{path}");
        }
    }
}
