//! The identity service, and the platform operator's commands.

use clap::{Parser, Subcommand};
use config::Config;
use identity::OperatorCommand;
use std::process::ExitCode;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// What an operator of the platform does at the machine itself.
    #[command(subcommand)]
    Operator(OperatorCommand),
}

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() != Some("operator") {
        return runtime::run_one(identity::service());
    }
    let Command::Operator(command) = Cli::parse().command;
    match operate(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn operate(command: OperatorCommand) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    Ok(runtime.block_on(identity::run(command, Config::from_env()?))?)
}
