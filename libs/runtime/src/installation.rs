//! Starting services and tying them together.

use crate::{
    Parts, Service, ServiceContext, StartError, error::RedisUrl, policy, routes::routes,
    statistics, work::work,
};
use authz::PolicyStore;
use axum::Router;
use clock::Clock;
use config::Config;
use db::{Db, DbConfig};
use events::Bus;
use graphql::Subgraph;
use secrecy::SecretString;
use service_http::{Peer, Peers, Proof};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// The services that others hear or ask.
const SERVICES: [&str; 4] = ["identity", "residents", "billing", "service-desk"];

/// The services of one process and what they share.
pub struct Installation {
    /// The services that run here.
    pub services: Vec<Service>,
    /// The configuration of all of them.
    pub config: Config,
    /// Time and randomness.
    pub clock: Clock,
    /// Whether to bring the databases to this version first; embedded mode does.
    pub migrate: bool,
    /// Services that are played by somebody else, e.g. by a test.
    pub stand_ins: Vec<(String, Router)>,
}

/// Services at work.
pub struct Running {
    /// The parts of the graph that run here.
    pub subgraphs: Vec<Arc<dyn Subgraph>>,
    /// Every service, here or elsewhere.
    pub peers: Peers,
    /// The HTTP interface of each service that runs here.
    pub routes: BTreeMap<&'static str, Router>,
    /// What each service that runs here was given.
    pub contexts: BTreeMap<&'static str, ServiceContext>,
    /// What proves a call to come from us.
    pub proof: Proof,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Installation {
    /// Connects, migrates if asked, and starts everything.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(self) -> Result<Running, StartError> {
        let stop = CancellationToken::new();
        let tasks = TaskTracker::new();
        let peers = Peers::default();
        let proof = Proof::new(self.proof()?);
        let bus = self.bus(&stop)?;
        let lease = lease(&self.config)?;
        let (mut here, mut built) = (BTreeMap::new(), Vec::new());
        let mut contexts = BTreeMap::new();
        for service in &self.services {
            let context = self.context(service, &peers, &bus, &stop).await?;
            let parts = (service.build)(context.clone()).await?;
            here.insert(service.name, routes(&context, &parts, &proof));
            contexts.insert(service.name, context.clone());
            built.push((service.name, context, parts));
        }
        peers.fill(self.peers(&here, &proof)?);
        let mut subgraphs = Vec::new();
        for (name, context, parts) in built {
            subgraphs.push(Arc::clone(&parts.subgraph));
            spawn(&tasks, name, &context, lease, parts);
        }
        tasks.close();
        Ok(Running { subgraphs, peers, routes: here, contexts, proof, stop, tasks })
    }

    fn proof(&self) -> Result<SecretString, StartError> {
        // Alone in its process nobody else needs to know the secret.
        let alone = || {
            let (a, b) = (self.clock.uuid(), self.clock.uuid());
            format!("{}{}", a.simple(), b.simple()).into()
        };
        Ok(self.config.secret("GATEWAY_PROOF")?.unwrap_or_else(alone))
    }

    fn bus(&self, stop: &CancellationToken) -> Result<Bus, StartError> {
        let Some(url) = self.config.text("REDIS_URL") else { return Ok(Bus::in_process()) };
        events::connect_redis(url, &SERVICES, stop.clone())
            .map_err(|error| RedisUrl(error.to_string()).into())
    }

    async fn context(
        &self,
        service: &Service,
        peers: &Peers,
        bus: &Bus,
        stop: &CancellationToken,
    ) -> Result<ServiceContext, StartError> {
        let name = service.name;
        let failed = |source| StartError::Database { service: name, source };
        let database = database(&self.config, name)?;
        if self.migrate {
            let url = migrate_url(&self.config, name, &database);
            db::migrate(&url, name, &service.migrations).await.map_err(failed)?;
        }
        Ok(ServiceContext {
            db: Db::connect(&database, self.clock.clone()).await.map_err(failed)?,
            clock: self.clock.clone(),
            policy: PolicyStore::new(self.clock.clone()),
            peers: peers.clone(),
            config: self.config.clone(),
            bus: bus.clone(),
            stop: stop.clone(),
        })
    }

    fn peers(
        &self,
        here: &BTreeMap<&'static str, Router>,
        proof: &Proof,
    ) -> Result<Vec<(String, Peer)>, StartError> {
        let mut peers: Vec<(String, Peer)> = here
            .iter()
            .map(|(name, routes)| ((*name).to_owned(), Peer::local(routes.clone(), proof.clone())))
            .collect();
        let stand_ins = self.stand_ins.iter().cloned();
        peers.extend(stand_ins.map(|(name, routes)| (name, Peer::local(routes, proof.clone()))));
        for name in SERVICES {
            let key = format!("{}_URL", prefix(name));
            let url = self.config.parsed::<http::Uri>(&key, "the address of a service")?;
            if let Some(url) = url.filter(|_| !here.contains_key(name)) {
                // Above the longest long poll.
                let timeout = Duration::from_secs(35);
                peers.push((name.to_owned(), Peer::remote(url, proof.clone(), timeout)));
            }
        }
        Ok(peers)
    }
}

/// How the settings of a service begin, e.g. `SERVICE_DESK`.
fn prefix(service: &str) -> String {
    service.to_uppercase().replace('-', "_")
}

/// Connects to a service's database as configured, for a command that is no server.
///
/// # Errors
/// [`StartError`].
pub async fn connect(
    config: &Config,
    service: &'static str,
    clock: Clock,
) -> Result<Db, StartError> {
    let failed = |source| StartError::Database { service, source };
    Db::connect(&database(config, service)?, clock).await.map_err(failed)
}

/// Where a service's database is: `<SERVICE>_DATABASE_URL`, or a file in `COMMONHOLD_DATA`.
pub(crate) fn database(config: &Config, service: &str) -> Result<DbConfig, StartError> {
    let prefix = prefix(service);
    let url = if let Some(url) = config.text(&format!("{prefix}_DATABASE_URL")) {
        url.to_owned()
    } else {
        let folder = config.required("COMMONHOLD_DATA")?;
        format!("sqlite://{folder}/{service}.db?mode=rwc")
    };
    let connections = config.parsed("DATABASE_CONNECTIONS", "a number of connections")?;
    Ok(DbConfig {
        url,
        worker_url: config.text(&format!("{prefix}_WORKER_DATABASE_URL")).map(str::to_owned),
        max_connections: connections.unwrap_or(10),
        durable: config.text("DATABASE_DURABLE") != Some("false"),
    })
}

pub(crate) fn migrate_url(config: &Config, service: &str, database: &DbConfig) -> String {
    let key = format!("{}_MIGRATE_DATABASE_URL", prefix(service));
    config.text(&key).unwrap_or(&database.url).to_owned()
}

/// How long a job stays with a worker that says nothing: `JOB_LEASE_SECONDS`, 30 without it.
fn lease(config: &Config) -> Result<Duration, StartError> {
    let seconds = config.parsed("JOB_LEASE_SECONDS", "a number of seconds")?;
    Ok(Duration::from_secs(seconds.unwrap_or(30).max(1)))
}

fn spawn(
    tasks: &TaskTracker,
    name: &'static str,
    context: &ServiceContext,
    lease: Duration,
    parts: Parts,
) {
    let ServiceContext { db, policy, peers, bus, stop, .. } = context;
    tasks.spawn(policy::follow(name, policy.clone(), peers.clone(), stop.clone()));
    tasks.spawn(statistics::keep(name, db.clone(), stop.clone()));
    tasks.spawn(events::relay(name, db.clone(), bus.clone(), stop.clone()));
    let mut by_source: BTreeMap<&'static str, Vec<_>> = BTreeMap::new();
    for subscription in parts.subscriptions {
        by_source.entry(subscription.source).or_default().push(subscription);
    }
    for (source, subscriptions) in by_source {
        let Some(producer) = peers.get(source).cloned() else {
            tracing::info!(service = name, source, "not configured here; its events are not heard");
            continue;
        };
        let (db, bus, stop) = (db.clone(), bus.clone(), stop.clone());
        tasks.spawn(events::consume(db, source, producer, subscriptions, bus, stop));
    }
    for job in parts.jobs {
        tasks.spawn(work(name, job, db.clone(), lease, stop.clone()));
    }
}

impl Running {
    /// Rings when the process shall end.
    pub fn stopping(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Waits until every service knows the policy, i.e. can let callers in.
    pub async fn ready(&self) {
        for context in self.contexts.values() {
            while context.policy.age().is_none() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    }

    /// Ends the background work and closes the databases.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.wait().await;
        for context in self.contexts.values() {
            context.db.close().await;
        }
    }
}
