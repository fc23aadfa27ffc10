//! Project tasks: what CI runs, a developer runs.

mod arch;
mod binaries;
mod browser;
mod ci;
mod split;
mod suites;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Project tasks")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Check who may depend on whom and who may name what.
    Arch,
    /// Run every test: unit and feature tests, scenarios, isolation, faults, on both databases.
    Test {
        /// Only suites whose name contains this.
        only: Option<String>,
    },
    /// Write the committed GraphQL schemas from the code.
    Schema,
    /// Write the committed table of who may do what, as measured.
    Matrix,
    /// Run every service as a process of its own on throw-away servers, until Ctrl-C.
    RunSplit {
        /// Where the gateway listens.
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Format, lints, architecture, licences: what CI checks before the tests.
    Check,
    /// Everything that must hold before a change lands: the checks, then every test.
    Ci,
}

fn main() -> ExitCode {
    match run(Cli::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        // The cause alone, on the last line: a backtrace of this program would push what failed out
        // of the tail that a reader of CI's log sees.
        Err(error) => {
            eprintln!("failed: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> anyhow::Result<()> {
    match task {
        Task::Arch => arch::check(),
        Task::Test { only } => suites::run(only.as_deref()),
        Task::Schema => ci::write_schemas(),
        Task::Matrix => ci::write_matrix(),
        Task::RunSplit { port } => split::run(port),
        Task::Check => ci::check(),
        Task::Ci => ci::check().and_then(|()| suites::run(None)),
    }
}
