//! Running every test and saying how it went, suite by suite.

use crate::{
    binaries::{self, Binary},
    browser,
};
use anyhow::{Context as _, Result, bail};
use servers::{Durability, Servers, cargo, find, install_packages, succeed};
use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

/// What a suite runs.
#[derive(Clone, Copy)]
enum Runs {
    /// Test programs of the workspace.
    Programs(fn(&Binary) -> bool),
    /// `npm test` in a folder.
    Npm(&'static str),
}

/// Some tests, run in one way.
struct Suite {
    name: &'static str,
    runs: Runs,
    /// What each program is told.
    args: &'static [&'static str],
    /// `sqlite`, `postgres`, or nothing when no database is involved.
    database: Option<&'static str>,
    /// A folder whose npm packages the suite needs.
    npm: Option<&'static str>,
    /// What has to be done first.
    before: Option<fn() -> Result<()>>,
}

impl Suite {
    const fn new(name: &'static str, programs: fn(&Binary) -> bool) -> Self {
        let runs = Runs::Programs(programs);
        Self { name, runs, args: &[], database: None, npm: None, before: None }
    }
    const fn npm_test(name: &'static str, folder: &'static str) -> Self {
        let runs = Runs::Npm(folder);
        Self { name, runs, args: &[], database: None, npm: None, before: None }
    }
    const fn on(mut self, database: &'static str) -> Self {
        self.database = Some(database);
        self
    }
    const fn told(mut self, args: &'static [&'static str]) -> Self {
        self.args = args;
        self
    }
    const fn after(mut self, before: fn() -> Result<()>) -> Self {
        self.before = Some(before);
        self
    }
    const fn with_npm(mut self, folder: &'static str) -> Self {
        self.npm = Some(folder);
        self
    }
}

/// Every suite, in order: the cheap ones first, faults last and alone.
const SUITES: [Suite; 13] = [
    Suite::npm_test("web", "services/web"),
    Suite::new("libraries", |b| {
        !frame(b) && !features(b) && !across(b) && !b.is("gateway", "test", "gateway")
    }),
    Suite::new("frame on SQLite", frame).on("sqlite"),
    Suite::new("frame on PostgreSQL", frame).on("postgres"),
    Suite::new("gateway", |b| b.is("gateway", "test", "gateway")),
    Suite::new("GraphQL over HTTP", |b| b.is("gateway", "test", "gateway"))
        .told(&["--ignored", "graphql_over_http"])
        .with_npm("services/gateway/audit"),
    Suite::new("features on PostgreSQL", features).on("postgres").after(poppler),
    Suite::new("features on SQLite", features).on("sqlite").after(poppler).told(NOT_PURE),
    Suite::new("across services on SQLite", across).on("sqlite").told(NO_MATRIX),
    Suite::new("across services on PostgreSQL", across).on("postgres").told(NO_ISOLATION),
    Suite::npm_test("browser", "tests/browser").after(browser::prepare),
    Suite::new("scenarios in both modes", across).told(SCENARIOS).after(build_programs),
    Suite::new("faults", across).told(FAULTS).after(build_programs),
];

/// The pages of documents are tested as pictures and as text.
fn poppler() -> Result<()> {
    match (find("pdftoppm"), find("pdftotext")) {
        (Some(_), Some(_)) => Ok(()),
        _ => install_packages(&["poppler-utils"]),
    }
}

/// Rules know no database and were tested on the way before: they stand in modules of these names.
const NOT_PURE: &[&str] =
    &["--skip", "domain::", "--skip", "print::", "--skip", "allocation::", "--skip", "model::core"];
/// The two generated suites are the longest; one database each. Who may do what is the same on
/// both; that a company's rows are its own has to hold where no policy of the database helps.
const NO_MATRIX: &[&str] = &["--skip", "matrix::the_committed_table"];
const NO_ISOLATION: &[&str] = &["--skip", "isolation::what_is_somebody"];

const SCENARIOS: &[&str] = &["--ignored", "scenarios::", "--test-threads=1"];
/// One after the other, and what they measure is shown.
const FAULTS: &[&str] = &["--ignored", "faults::", "--test-threads=1", "--nocapture"];

/// The binaries that the last suites start as processes, with the features of the whole workspace.
fn build_programs() -> Result<()> {
    succeed(&mut cargo(&["build", "--workspace", "--bins", "--quiet"]))
}

fn frame(binary: &Binary) -> bool {
    binary.is("testkit", "lib", "testkit")
}

fn features(binary: &Binary) -> bool {
    let services = [
        ("identity", "identity"),
        ("residents", "residents"),
        ("billing", "billing"),
        ("service-desk", "service_desk"),
    ];
    services.iter().any(|(package, name)| binary.is(package, "lib", name))
}

fn across(binary: &Binary) -> bool {
    binary.package == "suite"
}

#[derive(Default)]
struct Count {
    passed: u32,
    failed: u32,
    broken: bool,
}

/// Runs the suites whose name contains `only`.
pub fn run(only: Option<&str>) -> Result<()> {
    let programs = binaries::build()?;
    let servers = Servers::start(Durability::Fast)?;
    let mut total = Count::default();
    let mut table = Vec::new();
    let chosen = |suite: &&Suite| only.is_none_or(|text| suite.name.contains(text));
    for suite in SUITES.iter().filter(chosen) {
        println!("=== {}", suite.name);
        let begun = Instant::now();
        let count = run_suite(suite, &programs, &servers)?;
        table.push(format!(
            "{:<28} {:>5} passed {:>3} failed {:>6.1} s{}",
            suite.name,
            count.passed,
            count.failed,
            begun.elapsed().as_secs_f64(),
            if count.broken { "  (did not run to its end)" } else { "" }
        ));
        total.passed += count.passed;
        total.failed += count.failed;
        total.broken |= count.broken;
    }
    drop(servers);
    println!("\n{}", table.join("\n"));
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed > 0 || total.broken || total.passed == 0 {
        bail!("the tests do not pass");
    }
    Ok(())
}

fn run_suite(suite: &Suite, programs: &[Binary], servers: &Servers) -> Result<Count> {
    if let Some(before) = suite.before {
        before()?;
    }
    if let Some(folder) = suite.npm {
        let packages = ["install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"];
        succeed(Command::new("npm").args(packages).current_dir(folder))
            .context("npm (Node 20) is needed for this suite")?;
    }
    let commands = match suite.runs {
        Runs::Programs(which) => {
            let chosen = programs.iter().filter(|program| which(program));
            chosen.map(|program| program.command("--quiet")).collect()
        }
        Runs::Npm(folder) => vec![npm_test(folder)?],
    };
    let mut count = Count::default();
    for mut command in commands {
        command.args(suite.args);
        command.env("TEST_POSTGRES_URL", &servers.postgres.url);
        command.env("TEST_REDIS_URL", &servers.redis.url);
        let me = std::env::current_exe()?;
        command.env("COMMONHOLD_PROGRAMS", me.parent().context("the folder of this program")?);
        command.env("COMMONHOLD_BINARY", browser::binary()?);
        if let Some(database) = suite.database {
            command.env("COMMONHOLD_TEST_DB", database);
        }
        run_program(command, &mut count).with_context(|| format!("running {}", suite.name))?;
    }
    Ok(count)
}

fn run_program(mut command: Command, count: &mut Count) -> Result<()> {
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take().context("the runner's output")?;
    let failed_before = count.failed;
    for line in BufReader::new(output).lines() {
        let line = line?;
        // "test result: ok. 12 passed; 0 failed; 1 ignored; …"
        if let Some(result) = line.strip_prefix("test result:") {
            count.passed += number_before(result, " passed");
            count.failed += number_before(result, " failed");
        }
        println!("{line}");
    }
    let status = child.wait()?;
    count.broken |= !status.success() && count.failed == failed_before;
    Ok(())
}

/// The tests of a folder, with the packages its lock file names. They end with the line that the
/// test runner of Rust ends with.
fn npm_test(folder: &str) -> Result<Command> {
    install(folder)?;
    let mut command = Command::new("npm");
    command.args(["test", "--silent"]).current_dir(folder);
    Ok(command)
}

/// Installs what the lock file of a folder names, unless that is done.
pub fn install(folder: &str) -> Result<()> {
    let changed = |file: &str| Path::new(folder).join(file).metadata()?.modified();
    let wanted = changed("package-lock.json")?;
    if changed("node_modules/.package-lock.json").is_ok_and(|done| done >= wanted) {
        return Ok(());
    }
    let packages = ["ci", "--no-audit", "--no-fund", "--silent"];
    succeed(Command::new("npm").args(packages).current_dir(folder))
        .context("npm (Node 20) is needed for this")
}

fn number_before(text: &str, word: &str) -> u32 {
    text.split(word)
        .next()
        .and_then(|head| head.rsplit(' ').next())
        .and_then(|n| n.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::number_before;

    #[test]
    fn the_runners_line_is_read() {
        let line = " ok. 12 passed; 3 failed; 1 ignored; 0 measured";
        assert_eq!((number_before(line, " passed"), number_before(line, " failed")), (12, 3));
    }
}
