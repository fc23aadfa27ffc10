//! The command line of a service's binary.

use crate::{
    Installation, Service, StartError,
    installation::{database, migrate_url},
};
use clap::{Parser, Subcommand};
use clock::Clock;
use config::Config;
use std::process::ExitCode;
use telemetry::TelemetryConfig;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve requests and do background work until SIGTERM.
    Serve,
    /// Bring the database to this version's schema, as its owner.
    Migrate,
    /// Read the whole configuration and say what is wrong with it.
    CheckConfig,
    /// Print the federation SDL.
    PrintSchema,
    /// Forget how far other services' events were taken in, and take them in again.
    RebuildProjections,
}

/// The whole of a service's `main`.
///
/// # Panics
/// When the tokio runtime cannot be set up.
pub fn run_one(service: Service) -> ExitCode {
    memory::return_what_is_freed();
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("the tokio runtime can be set up");
    match runtime.block_on(run(service, cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", errors::chain(&error));
            ExitCode::FAILURE
        }
    }
}

async fn run(service: Service, command: Command) -> Result<(), StartError> {
    let config = Config::from_env()?;
    let name = service.name;
    let failed = |source| StartError::Database { service: name, source };
    match command {
        Command::Serve => serve(service, config).await,
        Command::Migrate => {
            let url = migrate_url(&config, name, &database(&config, name)?);
            db::migrate(&url, name, &service.migrations).await.map_err(failed)
        }
        Command::CheckConfig => {
            database(&config, name)?;
            config.required_secret("GATEWAY_PROOF")?;
            println!("the configuration of {name} is complete");
            Ok(())
        }
        Command::PrintSchema => {
            let installation = Installation {
                services: vec![service],
                config,
                clock: Clock::system(),
                migrate: false,
                stand_ins: Vec::new(),
            };
            let running = installation.start().await?;
            println!("{}", running.subgraphs[0].sdl());
            running.stop().await;
            Ok(())
        }
        Command::RebuildProjections => {
            let db = db::Db::connect(&database(&config, name)?, Clock::system())
                .await
                .map_err(failed)?;
            db.worker().execute("DELETE FROM inbox", []).await.map_err(failed)?;
            println!("{name} takes in all events again from the next start on");
            Ok(())
        }
    }
}

async fn serve(service: Service, config: Config) -> Result<(), StartError> {
    let telemetry = telemetry::start(&TelemetryConfig {
        service: service.name.to_owned(),
        otlp_endpoint: config.text("OTLP_ENDPOINT").map(str::to_owned),
        log: config.text("LOG").unwrap_or("info,sqlx=warn").to_owned(),
        json: true,
    })?;
    config.required_secret("GATEWAY_PROOF")?;
    let name = service.name;
    let address = config.required("LISTEN")?.to_owned();
    let installation = Installation {
        services: vec![service],
        config,
        clock: Clock::system(),
        migrate: false,
        stand_ins: Vec::new(),
    };
    let running = installation.start().await?;
    let listen = |source| StartError::Listen { address: address.clone(), source };
    let listener = tokio::net::TcpListener::bind(&address).await.map_err(listen)?;
    tracing::info!(service = name, %address, "serving");
    let stop = running.stopping();
    tokio::spawn(async move {
        wait_for_signal().await;
        stop.cancel();
    });
    let routes = running.routes[name].clone();
    let served = axum::serve(
        axum::serve::ListenerExt::tap_io(listener, |io| {
            let _ = io.set_nodelay(true);
        }),
        routes,
    )
    .with_graceful_shutdown(running.stopping().cancelled_owned());
    served.await.map_err(listen)?;
    running.stop().await;
    telemetry.stop();
    Ok(())
}

/// Returns on SIGTERM or Ctrl-C.
async fn wait_for_signal() {
    let mut term = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(term) => term,
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be heard");
            return std::future::pending().await;
        }
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
