//! What a service is to the frame.

use crate::StartError;
use authz::PolicyStore;
use clock::Clock;
use config::Config;
use db::{ClaimedJob, Db, JobEnd, JobKind, Migration};
use events::{Bus, Subscription};
use futures::future::BoxFuture;
use graphql::Subgraph;
use service_http::Peers;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// A service, not yet started.
#[derive(Clone)]
pub struct Service {
    /// Its name: of the subgraph, the database, the binary, the events' source.
    pub name: &'static str,
    /// The steps of its schema; the tables every service has come by themselves.
    pub migrations: Vec<Migration>,
    /// Builds it.
    pub build: fn(ServiceContext) -> BoxFuture<'static, Result<Parts, StartError>>,
}

/// What a service is given.
#[derive(Clone, Debug)]
pub struct ServiceContext {
    /// Its database.
    pub db: Db,
    /// Time and randomness.
    pub clock: Clock,
    /// Its copy of the policy.
    pub policy: PolicyStore,
    /// The other services.
    pub peers: Peers,
    /// The configuration.
    pub config: Config,
    /// The bus; only what serves other services' long polls needs it.
    pub bus: Bus,
    /// Rings when the process ends.
    pub stop: CancellationToken,
}

/// What a service consists of.
pub struct Parts {
    /// Its part of the graph.
    pub subgraph: Arc<dyn Subgraph>,
    /// Routes the gateway passes on: `/auth/…`, `/files/…`, `/webhooks/…`.
    pub public: axum::Router,
    /// Routes for other services, below `/internal/`.
    pub internal: axum::Router,
    /// What it wants to hear of.
    pub subscriptions: Vec<Subscription>,
    /// Long work it does.
    pub jobs: Vec<Job>,
}

/// A kind of long work and who does it.
#[derive(Clone)]
pub struct Job {
    /// The kind.
    pub kind: JobKind,
    /// Does it.
    pub handler: Arc<dyn JobHandler>,
    /// How many of the kind a process does at once.
    pub at_once: usize,
}

impl Job {
    /// A kind of work that a process does one at a time.
    pub fn new(kind: JobKind, handler: impl JobHandler + 'static) -> Self {
        Self { kind, handler: Arc::new(handler), at_once: 1 }
    }

    /// As many of the kind at once: for work that mostly waits for somebody else.
    #[must_use]
    pub fn at_once(self, at_once: usize) -> Self {
        Self { at_once, ..self }
    }
}

/// Does one job. A turn may be cut off at any moment and is then begun anew, here or elsewhere:
/// work in chunks that are each committed, and find out where the last turn stopped.
#[async_trait::async_trait]
pub trait JobHandler: Send + Sync {
    /// Works until nothing is left, something is in the way, or `stop` rings.
    async fn run(&self, job: &ClaimedJob, stop: &CancellationToken) -> JobEnd;
}
