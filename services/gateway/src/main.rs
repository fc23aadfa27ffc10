//! The gateway as a process of its own, in front of services that run elsewhere.

use clap::{Parser, Subcommand};
use config::Config;
use gateway::{Gateway, GatewaySubgraph, Mode, services_of};
use service_http::{Peer, Proof};
use std::{error::Error, net::TcpListener, process::ExitCode, time::Duration};
use telemetry::TelemetryConfig;
use tokio::{
    runtime::Runtime,
    signal::unix::{SignalKind, signal},
};

/// The public door of an installation. Everything is configured by the environment, or by the
/// file that `COMMONHOLD_CONFIG` names; README.md lists the keys.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve requests until SIGTERM; this is also what happens without a command.
    Serve,
    /// Read the whole configuration and say what is wrong with it.
    CheckConfig,
}

fn main() -> ExitCode {
    memory::return_what_is_freed();
    let done = match Cli::parse().command.unwrap_or(Command::Serve) {
        Command::Serve => serve(),
        Command::CheckConfig => check(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", errors::chain(&*error));
            ExitCode::FAILURE
        }
    }
}

/// What the configuration says.
struct Settings {
    supergraph: String,
    /// Every service of the graph and its base address.
    services: Vec<(String, http::Uri)>,
    proof: Proof,
    metrics: bool,
}

impl Settings {
    fn read(config: &Config) -> Result<Self, Box<dyn Error>> {
        let path = config.text("SUPERGRAPH").unwrap_or("supergraph.graphql");
        let supergraph = std::fs::read_to_string(path)
            .map_err(|error| format!("SUPERGRAPH: {path} cannot be read: {error}"))?;
        let mut services = Vec::new();
        for name in services_of(&supergraph)? {
            let key = format!("{}_URL", name.to_uppercase().replace('-', "_"));
            config.required(&key)?;
            if let Some(base) = config.parsed(&key, "the address of a service")? {
                services.push((name, base));
            }
        }
        Ok(Self {
            supergraph,
            services,
            proof: Proof::new(config.required_secret("GATEWAY_PROOF")?),
            metrics: config.parsed("METRICS", "true or false")?.unwrap_or(false),
        })
    }
}

fn listen(config: &Config) -> &str {
    config.text("LISTEN").unwrap_or("0.0.0.0:8080")
}

fn check() -> Result<(), Box<dyn Error>> {
    let config = Config::from_env()?;
    Settings::read(&config)?;
    listen(&config).parse::<std::net::SocketAddr>().map_err(|_| "LISTEN must be address:port")?;
    println!("the configuration of the gateway is complete");
    Ok(())
}

fn serve() -> Result<(), Box<dyn Error>> {
    let config = Config::from_env()?;
    let settings = Settings::read(&config)?;
    let runtime = Runtime::new()?;
    let (telemetry, mut term, mut interrupt) = {
        let _inside = runtime.enter();
        let telemetry = telemetry::start(&TelemetryConfig {
            service: "gateway".to_owned(),
            otlp_endpoint: config.text("OTLP_ENDPOINT").map(str::to_owned),
            log: config.text("LOG").unwrap_or("info").to_owned(),
            json: true,
        })?;
        (telemetry, signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?)
    };
    gateway::install_crypto();
    let listener = TcpListener::bind(listen(&config))?;
    tracing::info!(address = %listener.local_addr()?, "serving");
    let subgraphs = settings.services.iter().map(|(name, base)| GatewaySubgraph::Http {
        name: name.clone(),
        url: format!("{}/graphql", base.to_string().trim_end_matches('/')),
    });
    let patience = Duration::from_secs(30);
    let peers = settings.services.iter().map(|(name, base)| {
        (name.clone(), Peer::remote(base.clone(), settings.proof.clone(), patience))
    });
    let gateway = Gateway {
        listener,
        subgraphs: subgraphs.collect(),
        peers: peers.collect(),
        supergraph: settings.supergraph,
        proof: settings.proof,
        mode: Mode::Production,
        metrics: settings.metrics,
        web_dir: config.text("WEB_DIR").map(Into::into),
        graphiql_dir: None,
        runtime: runtime.handle().clone(),
    };
    gateway::run(gateway, async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = interrupt.recv() => {}
        }
    })?;
    telemetry.stop();
    Ok(())
}
