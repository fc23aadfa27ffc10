//! Starting, serving and ending.

use crate::{
    ComposeError, Mode,
    compose::services_of,
    front::{self, Front},
    loopback::Loopback,
    metrics::{self, Metrics},
    observe::Observe,
    plugin::{self, Hooks, Inside},
    pulse::Pulse,
    settings::{self, Settings},
    transport::InProcess,
};
use futures::future::BoxFuture;
use graphql::Subgraph;
use hive_router::{
    PluginRegistry, RouterPaths, SchemaState,
    background_tasks::BackgroundTasksManager,
    build_http_service_config,
    config::HiveRouterConfig,
    configure_app_from_config, configure_ntex_app,
    error::RouterInitError,
    executor::executors::common::SubgraphExecutor as _,
    invoke_shutdown_hooks,
    ntex::{
        self, SharedCfg,
        web::{self, HttpRequest, types::Payload},
    },
    pipeline::{
        long_lived_client_limit::LongLivedClientLimitService,
        request_identifiers::RequestIdentifiersService, request_summary::RequestSummaryService,
    },
    plugins::plugins_service::PluginService,
    telemetry::{TelemetryContext, traces::set_tracing_enabled},
};
use service_http::{Peers, Proof};
use std::{io::Write as _, net::TcpListener, path::PathBuf, sync::Arc, time::Duration};
use tokio::{runtime::Handle, sync::oneshot};

/// How long the router may take to read its graph.
const START: Duration = Duration::from_secs(30);

/// One public origin in front of every service.
pub struct Gateway {
    /// Where clients connect; already bound, so the port is known and a taken one fails early.
    pub listener: TcpListener,
    /// The composed graph, see [`crate::compose`].
    pub supergraph: String,
    /// Every service of the graph, and how to reach it.
    pub subgraphs: Vec<GatewaySubgraph>,
    /// Every service's own routes: sign-in, files, webhooks.
    pub peers: Peers,
    /// What services accept calls by.
    pub proof: Proof,
    /// How much the gateway tells.
    pub mode: Mode,
    /// Whether `/metrics` answers, on the public origin; the installation must shield it.
    pub metrics: bool,
    /// The built web application; without one, `/` is a plain page.
    pub web_dir: Option<PathBuf>,
    /// GraphiQL as `make graphiql` builds it, for embedded mode; without it, the page at `/graphql`
    /// says how to make it.
    pub graphiql_dir: Option<PathBuf>,
    /// Where services in this process and calls to peers run.
    pub runtime: Handle,
}

/// A service of the graph.
pub enum GatewaySubgraph {
    /// In this process.
    InProcess(Arc<dyn Subgraph>),
    /// In another process.
    Http {
        /// The name in the supergraph.
        name: String,
        /// Its GraphQL endpoint.
        url: String,
    },
}

impl GatewaySubgraph {
    fn name(&self) -> &str {
        match self {
            Self::InProcess(service) => service.name(),
            Self::Http { name, .. } => name,
        }
    }
}

/// The gateway cannot start, or stopped by itself.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// The supergraph cannot be read.
    #[error(transparent)]
    Supergraph(#[from] ComposeError),
    /// The supergraph names a service that nobody said how to reach.
    #[error("the supergraph needs the service `{0}`, and no address is given for it")]
    NoAddress(String),
    /// The router's options have changed their names, or its file is missing.
    #[error("the router cannot be configured: {0}")]
    Configuration(#[from] serde_json::Error),
    /// The router refused to start.
    #[error("the router does not start: {0}")]
    Router(#[from] Box<RouterInitError>),
    /// The router does not take the graph; its log says why.
    #[error("the router does not take the graph, see its log")]
    NoGraph,
    /// The metrics cannot be set up.
    #[error("the metrics cannot be set up: {0}")]
    Metrics(String),
    /// The listener or a temporary file failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Makes TLS work in this process; call it once, early, in the binary.
///
/// Two providers are linked in, the router's and ours. Whoever installs one first decides for
/// all, and without this rustls refuses to choose.
pub fn install_crypto() {
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        tracing::debug!("a TLS provider is installed already");
    }
}

/// Serves until `shutdown` resolves, then lets running requests end (15 s at most).
///
/// Blocks its thread, which must not belong to an async runtime: the server brings its own. Work
/// in this process runs on [`Gateway::runtime`].
///
/// # Errors
/// [`GatewayError`] when it cannot start.
pub fn run(
    gateway: Gateway,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), GatewayError> {
    run_until(gateway, Box::pin(shutdown))
}

/// Not generic, so that the server is compiled here and not in every caller.
fn run_until(gateway: Gateway, shutdown: BoxFuture<'static, ()>) -> Result<(), GatewayError> {
    // Its spans hold the client's address, documents and query strings; ours stand for them.
    set_tracing_enabled(false);
    for service in services_of(&gateway.supergraph)? {
        if !gateway.subgraphs.iter().any(|subgraph| subgraph.name() == service) {
            return Err(GatewayError::NoAddress(service));
        }
    }
    let (stop, stopped) = oneshot::channel();
    let waiting = gateway.runtime.spawn(async move {
        shutdown.await;
        stop.send(()).ok();
    });
    let system = ntex::rt::System::build().name("gateway").build(ntex::rt::DefaultRuntime);
    let ended = system.block_on(serve(gateway, stopped));
    waiting.abort();
    ended
}

async fn serve(gateway: Gateway, stopped: oneshot::Receiver<()>) -> Result<(), GatewayError> {
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(gateway.supergraph.as_bytes())?;
    let number = plugin::next_number();
    let loopback = Loopback::open(&gateway)?;
    let config = configure(&gateway, &loopback, file.path(), number)?;
    let metrics = Metrics::start(config)?;
    plugin::leave(number, inside(&gateway, metrics.telemetry.clone()));
    let mut tasks = BackgroundTasksManager::new();
    let registry = PluginRegistry::new().register::<Hooks>();
    let (shared, schema) =
        configure_app_from_config(config, metrics.telemetry.clone(), &mut tasks, registry)
            .await
            .map_err(Box::new)?;

    wait_for_graph(&schema).await?;

    let open = gateway.mode == Mode::Embedded;
    let front = Arc::new(Front {
        peers: gateway.peers,
        runtime: gateway.runtime,
        web_dir: gateway.web_dir,
        graphiql: open.then(|| gateway.graphiql_dir.unwrap_or_default()),
    });
    let mut paths = RouterPaths::new(config.graphql_path().to_owned(), None, None);
    "/healthz".clone_into(&mut paths.health);
    "/readyz".clone_into(&mut paths.readiness);
    let prometheus = metrics.prometheus.clone();
    let state = Arc::clone(&shared);
    let server = web::HttpServer::new(async move || {
        let front = Arc::clone(&front);
        let paths = paths.clone();
        let prometheus = prometheus.clone();
        let metrics_path = prometheus.as_ref().map(|p| p.endpoint.clone());
        let pages = Arc::clone(&front);
        web::App::new()
            .middleware(LongLivedClientLimitService::new(config))
            .middleware(PluginService::new(paths.clone(), metrics_path))
            .middleware(RequestSummaryService::new(&paths.graphql))
            .middleware(RequestIdentifiersService)
            .middleware(Observe)
            .state(Arc::clone(&state))
            .state(Arc::clone(&schema))
            .state(Arc::clone(&state.telemetry_context))
            .state(schema.callback_subscriptions.clone())
            .configure(|app| {
                if open {
                    app.service(front::graphiql(pages));
                }
                if let Some(attached) = prometheus {
                    app.service(metrics::resource(attached));
                }
                configure_ntex_app(app, &paths, None);
            })
            .default_service(web::to(move |request: HttpRequest, body: Payload| {
                front::answer(Arc::clone(&front), request, body)
            }))
    });
    let http = SharedCfg::new("GATEWAY").add(build_http_service_config(config));
    let server = server
        .config(http)
        .disable_signals()
        .shutdown_timeout(config.shutdown_timeout())
        .listen(gateway.listener)?
        .run();
    let handle = server.clone();
    ntex::rt::spawn(async move {
        if stopped.await.is_ok() {
            handle.stop(true).await;
        }
    });
    let ended = server.await;
    tasks.graceful_shutdown().await;
    invoke_shutdown_hooks(&shared).await;
    Ok(ended?)
}

/// The router reads its graph in the background and says nowhere when it is done. Nobody is let
/// in before.
async fn wait_for_graph(schema: &SchemaState) -> Result<(), GatewayError> {
    let loaded = async {
        while schema.configured_runtime().is_none() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(START, loaded).await.map_err(|_| GatewayError::NoGraph)
}

/// The router keeps its configuration for ever; a process has one gateway, tests have a few.
fn configure(
    gateway: &Gateway,
    loopback: &Loopback,
    supergraph: &std::path::Path,
    number: u64,
) -> Result<&'static HiveRouterConfig, GatewayError> {
    let remote = gateway.subgraphs.iter().map(|subgraph| match subgraph {
        GatewaySubgraph::Http { name, url } => (name.clone(), url.clone()),
        GatewaySubgraph::InProcess(service) => {
            (service.name().to_owned(), loopback.url(service.name()))
        }
    });
    let config = settings::router(&Settings {
        mode: gateway.mode,
        listen: gateway.listener.local_addr()?,
        supergraph,
        metrics: gateway.metrics,
        remote: remote.collect(),
        proof: &gateway.proof,
        number,
    })?;
    Ok(config.into_static())
}

fn inside(gateway: &Gateway, telemetry: TelemetryContext) -> Inside {
    let local = gateway.subgraphs.iter().filter_map(|subgraph| match subgraph {
        GatewaySubgraph::InProcess(service) => {
            let executor = InProcess::new(Arc::clone(service), gateway.runtime.clone());
            Some((service.name().to_owned(), executor.to_boxed_arc()))
        }
        GatewaySubgraph::Http { .. } => None,
    });
    let pulses = gateway.subgraphs.iter().filter_map(|subgraph| match subgraph {
        GatewaySubgraph::Http { name, url } => {
            Some((name.clone(), Pulse::watch(name.clone(), url, &gateway.runtime)))
        }
        GatewaySubgraph::InProcess(_) => None,
    });
    Inside { services: local.collect(), pulses: pulses.collect(), telemetry }
}
