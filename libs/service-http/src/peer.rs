//! Reaching a service, wherever it runs.

use crate::{Proof, client};
use axum::{Router, body::Body};
use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body_util::BodyExt as _;
use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tower::ServiceExt as _;

/// Every service of the installation by name. Filled once, after all of them are built: in one
/// process each holds the others' routes.
#[derive(Clone, Debug, Default)]
pub struct Peers(Arc<OnceLock<BTreeMap<String, Peer>>>);

impl FromIterator<(String, Peer)> for Peers {
    fn from_iter<I: IntoIterator<Item = (String, Peer)>>(peers: I) -> Self {
        let named = Self::default();
        named.fill(peers);
        named
    }
}

impl Peers {
    /// Names the services; a second call changes nothing.
    pub fn fill(&self, peers: impl IntoIterator<Item = (String, Peer)>) {
        self.0.get_or_init(|| peers.into_iter().collect());
    }

    /// The service of that name, once the services are named.
    pub fn get(&self, name: &str) -> Option<&Peer> {
        self.0.get()?.get(name)
    }
}

/// One service: its HTTP interface in another process, or the same interface in this one.
#[derive(Clone, Debug)]
pub struct Peer {
    proof: Proof,
    place: Place,
}

#[derive(Clone, Debug)]
enum Place {
    Remote { base: Uri, client: reqwest::Client },
    Local(Router),
}

/// The service could not be reached, or did not answer in time.
#[derive(Debug, thiserror::Error)]
pub enum PeerError {
    /// Nothing came back.
    #[error("the service did not answer")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The request could not be built.
    #[error("the request is malformed")]
    Malformed(#[from] http::Error),
}

impl Peer {
    /// A service behind `base` (scheme, host, port); calls end after `timeout`.
    pub fn remote(base: Uri, proof: Proof, timeout: Duration) -> Self {
        Self { proof, place: Place::Remote { base, client: client(timeout) } }
    }

    /// A service in this process, called through the same routes.
    pub fn local(routes: Router, proof: Proof) -> Self {
        Self { proof, place: Place::Local(routes) }
    }

    /// Sends a request whose URI is a path with an optional query; the proof is added, and the
    /// current span is what the service continues.
    ///
    /// # Errors
    /// [`PeerError::Unreachable`] when no answer came; an answer of any status is `Ok`.
    pub async fn call(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, PeerError> {
        self.proof.put(request.headers_mut());
        if let Some(here) = telemetry::traceparent().and_then(|text| text.parse().ok()) {
            request.headers_mut().insert("traceparent", here);
        }
        match &self.place {
            Place::Local(routes) => {
                let response = routes.clone().oneshot(request.map(Body::from)).await;
                let (parts, body) = response.unwrap_or_else(|never| match never {}).into_parts();
                let body = body.collect().await.map_err(|e| PeerError::Unreachable(e.into()))?;
                Ok(Response::from_parts(parts, body.to_bytes()))
            }
            Place::Remote { base, client } => {
                let path = request.uri().path_and_query().map_or("/", |p| p.as_str());
                let target = format!("{}{path}", base.to_string().trim_end_matches('/'));
                *request.uri_mut() = target.parse().map_err(http::Error::from)?;
                let request: reqwest::Request = request
                    .map(reqwest::Body::from)
                    .try_into()
                    .map_err(|e: reqwest::Error| PeerError::Unreachable(e.into()))?;
                let answer = client.execute(request).await;
                let answer = answer.map_err(|e| PeerError::Unreachable(e.into()))?;
                let mut response = Response::builder().status(answer.status());
                if let Some(headers) = response.headers_mut() {
                    headers.clone_from(answer.headers());
                }
                let body = answer.bytes().await.map_err(|e| PeerError::Unreachable(e.into()))?;
                Ok(response.body(body)?)
            }
        }
    }

    /// Shorthand for a GET of `path`.
    ///
    /// # Errors
    /// As [`Peer::call`].
    pub async fn get(&self, path: &str) -> Result<Response<Bytes>, PeerError> {
        self.call(Request::get(path).body(Bytes::new())?).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::require_proof;
    use axum::{middleware::from_fn_with_state, routing::get};

    fn routes(proof: &Proof) -> Router {
        Router::new()
            .route("/ping", get(|| async { "pong" }))
            .layer(from_fn_with_state(proof.clone(), require_proof))
    }

    #[tokio::test]
    async fn the_same_routes_answer_in_this_process_and_over_the_network() {
        let proof = Proof::new("a shared secret".into());
        let local = Peer::local(routes(&proof), proof.clone());
        assert_eq!(local.get("/ping").await.unwrap().body(), "pong");

        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let served = routes(&proof);
        tokio::spawn(async move { axum::serve(listener, served).await });
        let remote = Peer::remote(base, proof, Duration::from_secs(5));
        assert_eq!(remote.get("/ping").await.unwrap().body(), "pong");
    }

    #[tokio::test]
    async fn a_call_without_the_proof_is_refused() {
        let stranger = Peer::local(
            routes(&Proof::new("a shared secret".into())),
            Proof::new("a guess".into()),
        );
        assert_eq!(stranger.get("/ping").await.unwrap().status(), 403);
    }

    #[tokio::test]
    async fn a_dead_service_is_an_error_not_an_answer() {
        let base = "http://127.0.0.1:1".parse().unwrap();
        let dead = Peer::remote(base, Proof::new("x".into()), Duration::from_secs(1));
        assert!(matches!(dead.get("/ping").await, Err(PeerError::Unreachable(_))));
    }
}
