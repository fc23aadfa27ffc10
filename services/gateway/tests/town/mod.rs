//! Two small services with a shared entity, and a gateway in front of them.

use async_graphql::{
    Context, EmptySubscription, Error, ErrorExtensions as _, ID, Object, Request, Response, Schema,
    SimpleObject, Subscription, SubscriptionType,
};
use axum::{
    Json, Router,
    extract::Path,
    http::{HeaderMap, StatusCode, Uri},
    middleware::from_fn_with_state,
    response::IntoResponse,
    routing::{get, post},
};
use errors::{Invalid, expected};
use futures::{
    StreamExt as _,
    stream::{BoxStream, Stream},
};
use gateway::{Gateway, GatewaySubgraph, Mode, compose};
use graphql::{GraphqlResultExt as _, Subgraph, federation_sdl};
use serde_json::{Value, json};
use service_http::{Peer, Proof, require_proof};
use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
    thread::JoinHandle,
    time::Duration,
};
use texts::Language;
use tokio::{
    runtime::Handle,
    sync::{Barrier, Notify, oneshot},
};

pub const SECRET: &str = "a shared secret";

/// How the gateway reaches the services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wiring {
    InProcess,
    Http,
}

/// What resolvers and tests tell each other.
pub struct Bench {
    pub started: Notify,
    pub dropped: Notify,
    pub release: Notify,
    /// Somebody asked whether a service is alive.
    pub asked: Notify,
    meeting: Barrier,
}

struct Residents;
struct Moving;
struct Billing;
struct Charging;

#[derive(SimpleObject)]
#[graphql(complex)]
struct Unit {
    id: ID,
    label: String,
}

#[async_graphql::ComplexObject]
impl Unit {
    #[graphql(name = "self")]
    async fn itself(&self) -> Option<Unit> {
        Some(unit(self.id.clone()))
    }

    async fn list(&self, first: i32) -> Option<Vec<Unit>> {
        Some((0..first).map(|n| unit(n.into())).collect())
    }
}

fn unit(id: ID) -> Unit {
    let label = format!("Unit {}", *id);
    Unit { id, label }
}

struct TellsWhenDropped(Arc<Bench>);

impl Drop for TellsWhenDropped {
    fn drop(&mut self) {
        self.0.dropped.notify_one();
    }
}

fn bench(ctx: &Context<'_>) -> Arc<Bench> {
    Arc::clone(ctx.data_unchecked())
}

#[Object(name = "Query")]
impl Residents {
    #[graphql(entity)]
    async fn find_unit(&self, id: ID) -> Unit {
        unit(id)
    }

    async fn unit(&self, id: ID) -> Option<Unit> {
        Some(unit(id))
    }

    async fn units(&self, ids: Vec<ID>) -> Option<Vec<Unit>> {
        Some(ids.into_iter().map(unit).collect())
    }

    async fn list(&self, first: i32) -> Option<Vec<Unit>> {
        Some((0..first).map(|n| unit(n.into())).collect())
    }

    async fn headers(&self, ctx: &Context<'_>) -> Option<String> {
        let headers: &HeaderMap = ctx.data_unchecked();
        let pairs = headers.iter().map(|(n, v)| (n.to_string(), json!(v.to_str().unwrap())));
        Some(Value::Object(pairs.collect()).to_string())
    }

    /// Answers when two callers are here at once.
    async fn meet(&self, ctx: &Context<'_>) -> Option<String> {
        bench(ctx).meeting.wait().await;
        let headers: &HeaderMap = ctx.data_unchecked();
        Some(headers["authorization"].to_str().unwrap().to_owned())
    }

    async fn forever(&self, ctx: &Context<'_>) -> Option<String> {
        let _guard = TellsWhenDropped(bench(ctx));
        bench(ctx).started.notify_one();
        std::future::pending().await
    }

    async fn until(&self, ctx: &Context<'_>) -> Option<String> {
        bench(ctx).started.notify_one();
        bench(ctx).release.notified().await;
        Some("released".to_owned())
    }

    async fn fail(&self, code: String, text: String) -> async_graphql::Result<Option<String>> {
        Err(Error::new(text).extend_with(|_, e| {
            e.set("code", code);
            e.set("field", "grossArea");
            e.set("retryAfterSeconds", 7);
            e.set("stack", "line 1");
        }))
    }

    async fn refuse(&self) -> async_graphql::Result<Option<String>> {
        Err(Invalid::new("grossArea", expected::above_zero())).graphql()
    }

    /// There is no such data: the resolver panics.
    async fn panics(&self, ctx: &Context<'_>) -> Option<String> {
        Some(ctx.data_unchecked::<u8>().to_string())
    }
}

#[Subscription(name = "Subscription")]
impl Moving {
    /// Units 1, 2, …: one now, and one whenever the bench releases it.
    async fn moved(&self, ctx: &Context<'_>) -> impl Stream<Item = Unit> + use<> {
        let headers: &HeaderMap = ctx.data_unchecked();
        let who = headers["authorization"].to_str().unwrap().to_owned();
        let (bench, guard) = (bench(ctx), TellsWhenDropped(bench(ctx)));
        futures::stream::unfold((1, guard), move |(n, guard)| {
            let (bench, who) = (Arc::clone(&bench), who.clone());
            async move {
                if n > 1 {
                    bench.release.notified().await;
                }
                Some((Unit { id: n.into(), label: format!("Unit {n} for {who}") }, (n + 1, guard)))
            }
        })
    }
}

#[derive(SimpleObject)]
#[graphql(name = "Unit")]
struct Account {
    id: ID,
    balance: Option<i32>,
}

fn account(id: ID) -> Account {
    let number: i32 = id.parse().unwrap();
    Account { id, balance: Some(100 + number) }
}

#[Object(name = "Query")]
impl Billing {
    #[graphql(entity)]
    async fn find_account(&self, id: ID) -> Account {
        account(id)
    }

    async fn total(&self) -> Option<i32> {
        Some(4242)
    }
}

#[Object(name = "Mutation")]
impl Charging {
    async fn charge(&self, id: ID, cents: i32) -> Option<Account> {
        let mut charged = account(id);
        charged.balance = charged.balance.map(|b| b + cents);
        Some(charged)
    }
}

/// A schema as a service.
struct Service<Q, M, S> {
    name: &'static str,
    schema: Schema<Q, M, S>,
}

#[async_trait::async_trait]
impl<Q, M, S> Subgraph for Service<Q, M, S>
where
    Q: async_graphql::ObjectType + 'static,
    M: async_graphql::ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    fn name(&self) -> &str {
        self.name
    }

    fn sdl(&self) -> String {
        federation_sdl(&self.schema)
    }

    async fn execute(&self, headers: HeaderMap, request: Request) -> Response {
        let accepted = headers.get("accept-language").and_then(|value| value.to_str().ok());
        let language = Language::accepted(accepted);
        let mut response = self.schema.execute(request.data(headers)).await;
        graphql::speak(&mut response.errors, language);
        response
    }

    fn stream(
        self: Arc<Self>,
        headers: HeaderMap,
        request: Request,
    ) -> BoxStream<'static, Response> {
        self.schema.execute_stream(request.data(headers)).boxed()
    }
}

fn services(bench: &Arc<Bench>) -> [Arc<dyn Subgraph>; 2] {
    let residents = Schema::build(Residents, async_graphql::EmptyMutation, Moving)
        .enable_federation()
        .enable_subscription_in_federation()
        .data(Arc::clone(bench))
        .finish();
    let billing = Schema::build(Billing, Charging, EmptySubscription).enable_federation().finish();
    [
        Arc::new(Service { name: "residents", schema: residents }),
        Arc::new(Service { name: "billing", schema: billing }),
    ]
}

/// Serves one service on a port of its own.
async fn over_http(service: Arc<dyn Subgraph>, bench: &Arc<Bench>) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let bench = Arc::clone(bench);
    let beat = async move || bench.asked.notify_one();
    let routes = runtime::graphql_route(service)
        .layer(from_fn_with_state(Proof::new(SECRET.into()), require_proof))
        .merge(Router::new().route("/healthz", get(beat)));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

async fn session(uri: Uri, headers: HeaderMap) -> impl IntoResponse {
    let text = |name: &str| headers[name].to_str().unwrap().to_owned();
    let seen = format!("{uri} {} {}", text("cookie"), text("x-commonhold-client"));
    let mut back = HeaderMap::new();
    back.append("set-cookie", "a=1; HttpOnly".parse().unwrap());
    back.append("set-cookie", "b=2; HttpOnly".parse().unwrap());
    back.append("x-commonhold-secret", "s".parse().unwrap());
    (StatusCode::CREATED, back, seen)
}

fn peers() -> service_http::Peers {
    let proof = Proof::new(SECRET.into());
    let guarded = |routes: Router| {
        let routes = routes.layer(from_fn_with_state(proof.clone(), require_proof));
        Peer::local(routes, proof.clone())
    };
    let identity = Router::new().route("/auth/session", post(session));
    let file = async |Path(id): Path<String>| format!("file {id}");
    let billing = Router::new()
        .route("/files/{id}", get(file))
        .route("/webhooks/stripe", post(async || "hook"))
        .route("/json", get(async || Json(json!({}))));
    let all = [("identity", guarded(identity)), ("billing", guarded(billing))];
    all.into_iter().map(|(name, peer)| (name.to_owned(), peer)).collect()
}

/// A running gateway; it ends with the value.
pub struct Town {
    pub bench: Arc<Bench>,
    pub base: String,
    client: reqwest::Client,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Town {
    /// In process it is open, over HTTP it is in production mode.
    pub async fn start(wiring: Wiring) -> Self {
        let bench = new_bench();
        let all = services(&bench);
        let mut subgraphs = Vec::new();
        for service in &all {
            subgraphs.push(match wiring {
                Wiring::InProcess => GatewaySubgraph::InProcess(Arc::clone(service)),
                Wiring::Http => http(service.name(), over_http(Arc::clone(service), &bench).await),
            });
        }
        let mode = if wiring == Wiring::InProcess { Mode::Embedded } else { Mode::Production };
        Self::open(bench, &all, subgraphs, mode)
    }

    /// Over HTTP, with somebody else at billing's address.
    pub async fn with_billing_at(address: SocketAddr) -> Self {
        let bench = new_bench();
        let all = services(&bench);
        let residents = over_http(Arc::clone(&all[0]), &bench).await;
        let subgraphs = vec![http("residents", residents), http("billing", address)];
        Self::open(bench, &all, subgraphs, Mode::Production)
    }

    fn open(
        bench: Arc<Bench>,
        all: &[Arc<dyn Subgraph>],
        subgraphs: Vec<GatewaySubgraph>,
        mode: Mode,
    ) -> Self {
        gateway::install_crypto();
        let described: Vec<_> = all
            .iter()
            .map(|s| (s.name().to_owned(), format!("http://{}/graphql", s.name()), s.sdl()))
            .collect();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let gateway = Gateway {
            listener,
            supergraph: compose(&described).unwrap(),
            subgraphs,
            peers: peers(),
            proof: Proof::new(SECRET.into()),
            mode,
            metrics: true,
            web_dir: None,
            graphiql_dir: None,
            runtime: Handle::current(),
        };
        let (stop, stopped) = oneshot::channel();
        let run = move || {
            gateway::run(gateway, async {
                stopped.await.ok();
            })
            .unwrap();
        };
        let thread = Some(std::thread::spawn(run));
        let client = service_http::client(Duration::from_secs(20));
        Self { bench, base, client, stop: Some(stop), thread }
    }

    pub fn request(&self, body: &Value, headers: &[(&str, &str)]) -> reqwest::RequestBuilder {
        let request = self.client.post(format!("{}/graphql", self.base)).json(body);
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
    }

    pub async fn post(&self, body: &Value, headers: &[(&str, &str)]) -> reqwest::Response {
        self.request(body, headers).send().await.unwrap()
    }

    pub async fn ask(&self, document: &str, headers: &[(&str, &str)]) -> Value {
        self.post(&json!({ "query": document }), headers).await.json().await.unwrap()
    }

    pub async fn data(&self, document: &str, headers: &[(&str, &str)]) -> Value {
        let answer = self.ask(document, headers).await;
        assert_eq!(answer["errors"], Value::Null, "{answer}");
        answer["data"].clone()
    }

    pub async fn call(
        &self,
        method: reqwest::Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> reqwest::Response {
        let request = self.client.request(method, format!("{}{path}", self.base));
        let request = headers.iter().fold(request, |r, (name, value)| r.header(*name, *value));
        request.send().await.unwrap()
    }

    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        self.call(reqwest::Method::GET, path, headers).await
    }

    pub fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop.send(()).ok();
        }
    }

    pub async fn ended(&mut self) {
        let thread = self.thread.take().unwrap();
        tokio::task::spawn_blocking(move || thread.join().unwrap()).await.unwrap();
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.stop();
    }
}

fn new_bench() -> Arc<Bench> {
    Arc::new(Bench {
        started: Notify::new(),
        dropped: Notify::new(),
        release: Notify::new(),
        asked: Notify::new(),
        meeting: Barrier::new(2),
    })
}

fn http(name: &str, address: SocketAddr) -> GatewaySubgraph {
    GatewaySubgraph::Http { name: name.to_owned(), url: format!("http://{address}/graphql") }
}
