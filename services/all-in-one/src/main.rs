//! Commonhold in one process: no server to install, data in one folder.

mod demo;
mod secrets;
mod stripe;

use anyhow::{Context as _, Result};
use clap::Parser;
use clock::Clock;
use config::Config;
use gateway::{Gateway, GatewaySubgraph, Mode};
use runtime::{Installation, Running};
use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Instant,
};
use telemetry::TelemetryConfig;
use tokio::task::JoinHandle;

/// Every service, the gateway and a fake Stripe in one process.
#[derive(Parser)]
struct Options {
    /// Where clients connect.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where the data is kept.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Load the demo companies if they are not there yet, and say how to sign in.
    #[arg(long)]
    demo: bool,
    /// The built web application, as `make web-build` leaves it.
    #[arg(long, default_value = "services/web/dist")]
    web: PathBuf,
}

fn main() -> Result<()> {
    memory::return_what_is_freed();
    let begun = Instant::now();
    let options = Options::parse();
    gateway::install_crypto();
    let tokio = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    // Bound before anything else, so that a taken port is said at once.
    let listener = TcpListener::bind(options.listen)
        .with_context(|| format!("{} is taken; choose another with --listen", options.listen))?;
    let running = tokio.block_on(start(&options))?;
    let supergraph = compose(&running)?;
    let signal = signal(&tokio)?;
    let failure = Arc::new(OnceLock::new());
    let filling = options.demo.then(|| tokio.block_on(demo::operator(&running))).transpose()?;
    let filling =
        filling.map(|operator| tokio.spawn(demo::fill(public_url(&options), operator, begun)));
    let end = end(signal, filling, Arc::clone(&failure));
    let door = Gateway {
        listener,
        supergraph,
        subgraphs: running.subgraphs.iter().cloned().map(GatewaySubgraph::InProcess).collect(),
        peers: running.peers.clone(),
        proof: running.proof.clone(),
        mode: Mode::Embedded,
        metrics: true,
        web_dir: options.web.join("index.html").is_file().then(|| options.web.clone()),
        graphiql_dir: Some(PathBuf::from("services/gateway/graphiql/dist")),
        runtime: tokio.handle().clone(),
    };
    // The router's errors are not `Send`; their text is all a person needs.
    gateway::run(door, end).map_err(|error| anyhow::anyhow!("{error}"))?;
    tokio.block_on(running.stop());
    Arc::into_inner(failure).and_then(OnceLock::into_inner).map_or(Ok(()), Err)
}

fn public_url(options: &Options) -> String {
    format!("http://localhost:{}", options.listen.port())
}

async fn start(options: &Options) -> Result<Running> {
    let data = &options.data;
    std::fs::create_dir_all(data).with_context(|| format!("creating {}", data.display()))?;
    let clock = Clock::system();
    let config = Config::from_env()?.or_values([
        ("COMMONHOLD_DATA".to_owned(), data.display().to_string()),
        ("MASTER_KEY".to_owned(), secrets::master_key(data, &clock)?),
        ("PUBLIC_URL".to_owned(), public_url(options)),
    ]);
    telemetry::start(&TelemetryConfig {
        service: "all-in-one".to_owned(),
        otlp_endpoint: config.text("OTLP_ENDPOINT").map(str::to_owned),
        log: config.text("LOG").unwrap_or("warn").to_owned(),
        json: false,
    })?;
    let config = stripe::or_fake(config, data, &clock).await?;
    let services = vec![
        identity::service(),
        residents::service(),
        billing::service(),
        service_desk::service(),
    ];
    let installation =
        Installation { services, config, clock, migrate: true, stand_ins: Vec::new() };
    let running = installation.start().await?;
    running.ready().await;
    Ok(running)
}

fn compose(running: &Running) -> Result<String> {
    let parts: Vec<(String, String, String)> = running
        .subgraphs
        .iter()
        .map(|part| {
            (part.name().to_owned(), format!("http://{}.local/graphql", part.name()), part.sdl())
        })
        .collect();
    Ok(gateway::compose(&parts)?)
}

/// Ends with `signal`, or when the demo cannot be loaded, which is then said in `failure`.
async fn end(
    signal: impl Future<Output = ()>,
    filling: Option<JoinHandle<Result<()>>>,
    failure: Arc<OnceLock<anyhow::Error>>,
) {
    let fill = async {
        let filled = match filling {
            Some(filling) => filling.await.unwrap_or_else(|error| Err(error.into())),
            None => Ok(()),
        };
        match filled {
            Ok(()) => std::future::pending().await,
            Err(error) => error,
        }
    };
    tokio::select! {
        () = signal => {}
        error = fill => {
            // Only one failure can end us.
            let _ = failure.set(error);
        }
    }
}

/// Ends on Ctrl-C or SIGTERM.
fn signal(tokio: &tokio::runtime::Runtime) -> Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let _inside = tokio.enter();
    let (mut term, mut interrupt) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
