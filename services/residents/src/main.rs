//! The residents service as a process of its own, and imports from the command line.

use chrono::NaiveDate;
use clap::Parser;
use ids::{EstateId, TenantId};
use std::{path::PathBuf, process::ExitCode};

/// Import the good rows of a roster file; dangling owners come in as vacant units.
#[derive(Parser)]
#[command(name = "residents import")]
struct Import {
    /// The XLSX or CSV file.
    file: PathBuf,
    /// The company, `cmp_…`.
    #[arg(long)]
    company: TenantId,
    /// The estate, `est_…`.
    #[arg(long)]
    estate: EstateId,
    /// The first day of the first month that may be charged.
    #[arg(long)]
    cut_over: NaiveDate,
}

fn main() -> ExitCode {
    let mut args = std::env::args_os();
    if std::env::args_os().nth(1).is_none_or(|word| word != "import") {
        return runtime::run_one(residents::service());
    }
    let program = args.next();
    let import = Import::parse_from(program.into_iter().chain(args.skip(1)));
    let done = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())
        .and_then(|tokio| tokio.block_on(run(import)));
    match done {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(import: Import) -> Result<String, String> {
    let text = |error: &dyn std::error::Error| error.to_string();
    let bytes = std::fs::read(&import.file).map_err(|e| text(&e))?;
    let name = import.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let installation = runtime::Installation {
        services: vec![residents::service()],
        config: config::Config::from_env().map_err(|e| text(&e))?,
        clock: clock::Clock::system(),
        migrate: false,
        stand_ins: Vec::new(),
    };
    let running = installation.start().await.map_err(|e| text(&e))?;
    let importer = residents::importer(&running.contexts["residents"]).map_err(|e| text(&e))?;
    let (company, estate) = (import.company, import.estate);
    let file = (name.as_str(), bytes.as_slice());
    let done = importer
        .import_bytes(company, estate, file, import.cut_over, "command line")
        .await
        .map_err(|e| text(&e));
    running.stop().await;
    let done = done?;
    let [errors, choices, warnings] = done.counts;
    Ok(format!(
        "{}: {}, {errors} rows left out, {choices} doubtful, {warnings} warnings",
        done.id,
        done.state.as_str()
    ))
}
