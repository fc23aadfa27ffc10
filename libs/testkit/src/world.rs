//! Services at work, and people to use them.

use crate::{Answer, Backend, StandIn, service_databases};
use async_graphql::{Request, Variables};
use authz::{Grant, SubjectKind, UserId};
use chrono::{DateTime, Utc};
use clock::Clock;
use config::Config;
use contracts::identity::EstateChanged;
use db::Db;
use events::Event;
use futures::{StreamExt as _, stream::BoxStream};
use graphql::Subgraph;
use http::{HeaderMap, HeaderValue};
use ids::{EstateId, TenantId};
use runtime::{Installation, Running, Service, ServiceContext};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    future::Future,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use uuid::Uuid;

/// Services at work for one test binary.
pub struct World {
    /// The services.
    pub running: Running,
    /// Identity, played.
    pub identity: StandIn,
    /// The other services that others hear of, played where they do not run here.
    played: BTreeMap<&'static str, StandIn>,
    /// The time of this world; moving it moves it for every test of the binary.
    pub clock: Clock,
    /// Which database.
    pub backend: Backend,
    _folder: TempDir,
}

/// The runtime that outlives every single test, since the world's background work lives on it.
fn shared_runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a tokio runtime")
    })
}

/// Runs a test's body on the runtime that outlives it.
pub fn run<F: Future>(test: F) -> F::Output {
    shared_runtime().block_on(test)
}

/// The world's background work ends with it, and its connections go.
impl Drop for World {
    fn drop(&mut self) {
        self.running.stopping().cancel();
        let all: Vec<Db> = self.running.contexts.values().map(|it| it.db.clone()).collect();
        shared_runtime().spawn(async move {
            for db in all {
                db.close().await;
            }
        });
    }
}

impl World {
    /// Starts services on the database that the environment asks for, at noon of 31 July 2026 in
    /// Shanghai unless `now` says otherwise.
    ///
    /// # Panics
    /// When something does not start.
    pub async fn start(services: Vec<Service>, extra: &[(&str, &str)]) -> Self {
        Self::start_on(Backend::from_env(), services, extra, "2026-07-31T04:00:00Z").await
    }

    /// As [`World::start`], on a chosen database and instant.
    ///
    /// # Panics
    /// When something does not start.
    pub async fn start_on(
        backend: Backend,
        services: Vec<Service>,
        extra: &[(&str, &str)],
        now: &str,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let now: DateTime<Utc> = now.parse().expect("an instant");
        let clock = Clock::fixed(now);
        let mut values = vec![
            ("COMMONHOLD_DATA".to_owned(), folder.path().display().to_string()),
            ("DATABASE_DURABLE".to_owned(), "false".to_owned()),
            (
                "MASTER_KEY".to_owned(),
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef".to_owned(),
            ),
        ];
        values.extend(extra.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        for service in &services {
            values.extend(
                service_databases(backend, folder.path(), service.name, &service.migrations).await,
            );
        }
        let identity = StandIn::new(clock.clone());
        let config = Config::from_values(values);
        let plays_identity = services.iter().all(|service| service.name != "identity");
        let mut stand_ins = Vec::new();
        if plays_identity {
            stand_ins.push(("identity".to_owned(), identity.routes()));
        }
        let absent = |name: &&str| services.iter().all(|service| service.name != *name);
        let played: BTreeMap<&'static str, StandIn> =
            SOURCES.into_iter().filter(absent).map(|n| (n, StandIn::new(clock.clone()))).collect();
        stand_ins.extend(played.iter().map(|(name, one)| ((*name).to_owned(), one.routes())));
        let installation =
            Installation { services, config, clock: clock.clone(), migrate: false, stand_ins };
        let running = installation.start().await.expect("the services start");
        running.ready().await;
        Self { running, identity, played, clock, backend, _folder: folder }
    }

    /// A new company that no other test knows of.
    pub fn company(self: &Arc<Self>) -> Company {
        let tenant = TenantId::from_uuid(self.clock.uuid());
        self.identity.policy(tenant, |_| {});
        Company { world: Arc::clone(self), tenant }
    }

    /// What a service was given, e.g. its database.
    ///
    /// # Panics
    /// When it does not run here.
    pub fn context(&self, service: &str) -> &ServiceContext {
        self.running.contexts.get(service).unwrap_or_else(|| panic!("{service} does not run here"))
    }

    /// A service's database, e.g. to count statements.
    pub fn db(&self, service: &str) -> &Db {
        &self.context(service).db
    }

    /// Sends a document to a service as nobody.
    pub async fn anonymous(&self, service: &str, document: &str, variables: Value) -> Answer {
        self.send(service, HeaderMap::new(), document, variables).await
    }

    /// Sends a document to a service with chosen headers, e.g. a token that identity issued, in
    /// English unless they say another language.
    ///
    /// # Panics
    /// When the service does not run here.
    pub async fn send(
        &self,
        service: &str,
        mut headers: HeaderMap,
        document: &str,
        variables: Value,
    ) -> Answer {
        headers.entry("accept-language").or_insert(HeaderValue::from_static("en"));
        let request = Request::new(document).variables(Variables::from_json(variables));
        Answer::new(&self.subgraph(service).execute(headers, request).await)
    }

    /// Listens to a subscription of a service with chosen headers, as [`World::send`].
    ///
    /// # Panics
    /// When the service does not run here.
    pub fn listen(
        &self,
        service: &str,
        mut headers: HeaderMap,
        document: &str,
        variables: Value,
    ) -> BoxStream<'static, Answer> {
        headers.entry("accept-language").or_insert(HeaderValue::from_static("en"));
        let request = Request::new(document).variables(Variables::from_json(variables));
        let answers = self.subgraph(service).stream(headers, request);
        answers.map(|answer| Answer::new(&answer)).boxed()
    }

    fn subgraph(&self, service: &str) -> Arc<dyn Subgraph> {
        let found = self.running.subgraphs.iter().find(|subgraph| subgraph.name() == service);
        Arc::clone(found.unwrap_or_else(|| panic!("{service} does not run here")))
    }
}

/// The services besides identity whose events somebody hears.
const SOURCES: [&str; 5] = ["residents", "billing", "service-desk", "facilities", "workforce"];

/// A company of one test.
#[derive(Clone)]
pub struct Company {
    /// The world it is in.
    pub world: Arc<World>,
    /// The company.
    pub tenant: TenantId,
}

impl Company {
    /// A new estate, known to every service of the world when this returns.
    pub async fn estate(&self, code: &str, name: &str) -> EstateId {
        let estate = EstateId::from_uuid(self.world.clock.uuid());
        let event = EstateChanged {
            estate,
            code: code.to_owned(),
            name: name.to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            currency: "CNY".to_owned(),
        };
        for context in self.world.running.contexts.values() {
            let position =
                self.world.identity.publish("identity", &context.bus, self.tenant, &event);
            eventually("the estate is known", || async {
                context.db.worker().inbox_position("identity").await.expect("an inbox") >= position
            })
            .await;
        }
        estate
    }

    /// Publishes an event as if `source` had, and waits until the service `hearer` has taken it in.
    ///
    /// # Panics
    /// When `source` runs here itself or nobody could hear it.
    pub async fn tell<E: Event>(&self, source: &'static str, hearer: &str, event: &E) {
        let played = &self.world.played[source];
        let context = self.world.context(hearer);
        let position = played.publish(source, &context.bus, self.tenant, event);
        eventually("the event is taken in", || async {
            context.db.worker().inbox_position(source).await.expect("an inbox") >= position
        })
        .await;
    }

    /// A new member of staff with a role in one estate, or in all of them.
    pub async fn staff(&self, role: &str, estate: impl Into<Option<EstateId>>) -> Signed {
        self.staff_in_zone(role, estate, Vec::new()).await
    }

    /// As [`Company::staff`], responsible for some buildings.
    pub async fn staff_in_zone(
        &self,
        role: &str,
        estate: impl Into<Option<EstateId>>,
        zone: Vec<Uuid>,
    ) -> Signed {
        let user = UserId::from_uuid(self.world.clock.uuid());
        let (role, estate) = (role.to_owned(), estate.into());
        let version =
            self.world.identity.grant(self.tenant, user, |user| Grant { user, role, estate, zone });
        self.known(version).await;
        self.signed(user, SubjectKind::Staff, None)
    }

    /// A signed-in resident.
    pub async fn resident(&self, person: Uuid) -> Signed {
        let version = self.world.identity.policy(self.tenant, |_| {});
        self.known(version).await;
        let user = UserId::from_uuid(self.world.clock.uuid());
        self.signed(user, SubjectKind::Resident, Some(person))
    }

    /// Changes the policy and waits until every service knows.
    pub async fn change_policy(&self, change: impl FnOnce(&mut authz::TenantPolicy)) {
        let version = self.world.identity.policy(self.tenant, change);
        self.known(version).await;
    }

    async fn known(&self, version: i64) {
        for context in self.world.running.contexts.values() {
            context.policy.reached(version).await;
        }
    }

    fn signed(&self, user: UserId, kind: SubjectKind, person: Option<Uuid>) -> Signed {
        Signed { company: self.clone(), user, kind, person }
    }
}

/// Somebody with a token.
#[derive(Clone)]
pub struct Signed {
    company: Company,
    /// The account.
    pub user: UserId,
    kind: SubjectKind,
    person: Option<Uuid>,
}

impl Signed {
    /// An access token, good from now on.
    pub fn token(&self) -> String {
        self.company.world.identity.token(self.company.tenant, self.user, self.kind, self.person)
    }

    /// Sends a document to a service.
    pub async fn send(&self, service: &str, document: &str, variables: Value) -> Answer {
        self.company.world.send(service, self.headers(), document, variables).await
    }

    /// Listens to a subscription of a service.
    pub fn listen(
        &self,
        service: &str,
        document: &str,
        variables: Value,
    ) -> BoxStream<'static, Answer> {
        self.company.world.listen(service, self.headers(), document, variables)
    }

    fn headers(&self) -> HeaderMap {
        let bearer = format!("Bearer {}", self.token());
        [(http::header::AUTHORIZATION, bearer.parse().expect("a header"))].into_iter().collect()
    }
}

/// Waits until something holds; polls every few milliseconds, gives up after 20 seconds.
///
/// # Panics
/// When it never holds.
pub async fn eventually<F: Future<Output = bool>>(what: &str, holds: impl Fn() -> F) {
    let poll = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), poll)
        .await
        .unwrap_or_else(|_| panic!("never: {what}"));
}
