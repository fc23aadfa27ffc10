//! `make bench`: prints a table; kept in docs/benchmarks.md.

mod bill_run;
mod company;
mod desk;
mod embedded;
mod ledger;
mod load;
mod permission;
mod plain;
mod postgres;
mod processes;
mod reads;
mod report;
mod stats;
mod town;

use anyhow::{Context as _, Result};
use clap::{Parser, ValueEnum};
use company::Wanted;
use reads::Effort;
use report::Row;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use town::Town;

/// Speed on this machine, on a release build.
#[derive(Parser)]
struct Options {
    /// A fifth of the units, fewer rounds: for a first look, not for the page.
    #[arg(long)]
    quick: bool,
    /// So many units, to try the benchmark itself.
    #[arg(long)]
    units: Option<u32>,
    /// So many lines of bills by several tariffs, compared with a tenth of them.
    #[arg(long)]
    lines: Option<u32>,
    /// Put the table into docs/benchmarks.md.
    #[arg(long, conflicts_with_all = ["quick", "units", "lines", "only"])]
    write: bool,
    /// Only these parts.
    #[arg(long, value_enum)]
    only: Vec<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Permission,
    Embedded,
    Ledger,
    BillRun,
    Lines,
    Reads,
    Desk,
    Sqlite,
}

impl Options {
    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

/// Residents who sign in.
const RESIDENTS: u32 = 32;

fn main() -> Result<()> {
    let options = Options::parse();
    let programs = build(options.wants(Part::Embedded))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let rows = runtime.block_on(measure(&options, &programs))?;
    println!("{}", report::table(&rows));
    if options.write {
        report::write(&heading()?, &rows)?;
    }
    Ok(())
}

/// What is measured, as fast as it gets. `--release` because this program is one, too.
fn build(embedded: bool) -> Result<PathBuf> {
    let mut packages = servers::SERVICES.to_vec();
    packages.extend(["gateway", "fake-stripe"]);
    packages.extend(embedded.then_some("all-in-one"));
    servers::build(&packages)
}

async fn measure(options: &Options, programs: &Path) -> Result<Vec<Row>> {
    let wants = |part| options.wants(part);
    let quick = options.quick;
    let units = options.units.unwrap_or(if quick { 20_000 } else { 100_000 });
    let mut rows = Vec::new();
    if wants(Part::Permission) {
        say("permission decisions");
        rows.extend(permission::measure());
    }
    if wants(Part::Embedded) {
        say("embedded mode");
        let idle = Duration::from_secs(if quick { 5 } else { 30 });
        rows.extend(embedded::measure(programs, idle).await?);
    }
    if wants(Part::Ledger) {
        say("PostgreSQL: the ledger");
        let (rounds, turns) = if quick { (1, 20) } else { (3, 100) };
        let entries = if quick { 500_000 } else { 5_000_000 };
        rows.extend(ledger::measure(rounds, turns, entries).await?);
    }
    if wants(Part::BillRun) || wants(Part::Reads) {
        say("PostgreSQL: the company");
        let wanted = Wanted { units, vacant: RESIDENTS, tariffs: false };
        let town = Town::on_servers(programs, wanted).await?;
        let residents = town.company.move_in(&town.door, RESIDENTS).await?;
        say("PostgreSQL: bill runs");
        let (months, calm) = if quick { (1, 6) } else { (3, 20) };
        let billed = bill_run::on_postgres(&town, months, Duration::from_secs(calm)).await?;
        if wants(Part::BillRun) {
            rows.extend(billed);
        }
        if wants(Part::Reads) {
            say("PostgreSQL: documents");
            let (rounds, turn) = if quick { (2, 2) } else { (4, 4) };
            let effort = Effort { rounds, turn: Duration::from_secs(turn) };
            rows.extend(reads::measure(&town, &residents, effort).await?);
        }
    }
    if wants(Part::Desk) {
        say("PostgreSQL: the service desk");
        rows.extend(desk::measure(programs, desk::Wish::new(quick)).await?);
    }
    if wants(Part::Lines) {
        say("PostgreSQL: a bill run by several tariffs");
        let lines = options.lines.unwrap_or(if quick { 100_000 } else { 1_000_000 });
        rows.extend(bill_run::lines::measure(programs, lines).await?);
    }
    if wants(Part::Sqlite) {
        say("SQLite: bill run");
        let town = Town::on_files(programs, units / 5).await?;
        rows.extend(bill_run::on_sqlite(&town).await?);
    }
    Ok(rows)
}

fn say(what: &str) {
    eprintln!("measuring: {what}");
}

/// When, where and on what the table was made.
fn heading() -> Result<String> {
    let cores = std::thread::available_parallelism()?;
    let output = std::process::Command::new("git").args(["rev-parse", "--short", "HEAD"]).output();
    let commit = String::from_utf8(output.context("git")?.stdout)?;
    let today = clock::Clock::system().now().date_naive();
    Ok(format!(
        "{today}, commit {}, {cores} cores. Median (least–most) of the rounds.",
        commit.trim()
    ))
}
