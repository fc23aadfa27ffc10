//! The gateway as a process of its own, in front of services that run elsewhere.

use clap::Parser;
use gateway::{Gateway, GatewaySubgraph, Mode};
use hive_router::{RouterGlobalAllocator, configure_global_allocator};
use secrecy::SecretString;
use service_http::{Peer, Proof};
use std::{
    error::Error, net::SocketAddr, net::TcpListener, path::PathBuf, process::ExitCode,
    time::Duration,
};
use tokio::signal::unix::{SignalKind, signal};

configure_global_allocator!();

/// The public door of an installation.
#[derive(Parser)]
struct Options {
    /// Where clients connect.
    #[arg(long, env = "GATEWAY_LISTEN", default_value = "0.0.0.0:8080")]
    listen: SocketAddr,
    /// The composed graph.
    #[arg(long, env = "GATEWAY_SUPERGRAPH", default_value = "supergraph.graphql")]
    supergraph: PathBuf,
    /// Every service and its base address, e.g. `billing=http://billing:8080`.
    #[arg(long, env = "GATEWAY_SERVICES", value_delimiter = ',', value_parser = service)]
    services: Vec<(String, http::Uri)>,
    /// The file with the secret by which services accept calls.
    #[arg(long, env = "GATEWAY_PROOF_FILE")]
    proof_file: PathBuf,
    /// The built web application.
    #[arg(long, env = "GATEWAY_WEB_DIR")]
    web_dir: Option<PathBuf>,
    /// Whether `/metrics` answers.
    #[arg(long, env = "GATEWAY_METRICS")]
    metrics: bool,
}

fn service(text: &str) -> Result<(String, http::Uri), String> {
    let (name, base) = text.split_once('=').ok_or("expected name=address")?;
    let base = base.parse::<http::Uri>().map_err(|error| error.to_string())?;
    Ok((name.to_owned(), base))
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .init();
    gateway::install_crypto();
    match serve(Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error, "the gateway cannot run");
            ExitCode::FAILURE
        }
    }
}

fn serve(options: Options) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Runtime::new()?;
    let secret = std::fs::read_to_string(options.proof_file)?;
    let proof = Proof::new(SecretString::from(secret.trim()));
    let subgraphs = options.services.iter().map(|(name, base)| GatewaySubgraph::Http {
        name: name.clone(),
        url: format!("{}/graphql", base.to_string().trim_end_matches('/')),
    });
    let patience = Duration::from_secs(30);
    let peers = options
        .services
        .iter()
        .map(|(name, base)| (name.clone(), Peer::remote(base.clone(), proof.clone(), patience)));
    let gateway = Gateway {
        listener: TcpListener::bind(options.listen)?,
        supergraph: std::fs::read_to_string(options.supergraph)?,
        subgraphs: subgraphs.collect(),
        peers: peers.collect(),
        proof,
        mode: Mode::Production,
        metrics: options.metrics,
        web_dir: options.web_dir,
        runtime: runtime.handle().clone(),
    };
    let (mut term, mut interrupt) = {
        let _inside = runtime.enter();
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?)
    };
    gateway::run(gateway, async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = interrupt.recv() => {}
        }
    })?;
    Ok(())
}
