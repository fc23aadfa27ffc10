//! The distributed installation on one machine: every service a process, throw-away servers.

use crate::servers::{self, Servers, cargo, free_port, succeed};
use anyhow::{Context as _, Result, bail};
use std::{
    fs,
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tokio::{
    runtime::Runtime,
    signal::unix::{Signal, SignalKind, signal},
};

/// The services, each a binary of its own name.
const SERVICES: [&str; 3] = ["identity", "residents", "billing"];

/// What `cargo xtask schema` writes.
const SUPERGRAPH: &str = "services/gateway/supergraph.graphql";

/// Test values, known to everybody: these servers end with the command.
const PLATFORM_KEY: &str = "sk_test_platform";
const PLATFORM_ACCOUNT: &str = "acct_platform";
const WEBHOOK_SECRET: &str = "whsec_run_split";
const PROOF: &str = "run-split: known to every process of this machine";
const MASTER_KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// How long everything may take to be ready.
const START: Duration = Duration::from_mins(1);

/// How long a process may take to end by itself; the gateway drains for 15 s.
const END: Duration = Duration::from_secs(20);

/// Starts everything, waits for a signal or for the end of one process, stops everything.
pub fn run(port: u16) -> Result<()> {
    if !Path::new(SUPERGRAPH).exists() {
        bail!("{SUPERGRAPH} is missing; run `make schema`");
    }
    let programs = build()?;
    // Listened for from here on, so that a signal during the start stops what was started.
    let signals = Signals::listen()?;
    let servers = Servers::start()?;
    for service in SERVICES {
        for sql in database(service) {
            servers.sql("postgres", &sql)?;
        }
    }
    let files = std::env::temp_dir().join(format!("commonhold-split-{}", std::process::id()));
    fs::create_dir_all(&files)?;
    let plan = Plan::new(port, &servers, &files)?;
    let mut processes = Processes::default();
    let ended = serve(&plan, &programs, &mut processes, signals);
    processes.stop();
    fs::remove_dir_all(&files).ok();
    drop(servers);
    ended
}

/// Ctrl-C and SIGTERM.
struct Signals {
    runtime: Runtime,
    term: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (term, interrupt) = {
            let _inside = runtime.enter();
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?)
        };
        Ok(Self { runtime, term, interrupt })
    }

    /// Whether one arrived within a moment.
    fn arrived(&mut self) -> bool {
        let Self { runtime, term, interrupt } = self;
        runtime.block_on(async {
            tokio::select! {
                _ = term.recv() => true,
                _ = interrupt.recv() => true,
                () = tokio::time::sleep(Duration::from_millis(100)) => false,
            }
        })
    }
}

fn serve(
    plan: &Plan,
    programs: &Path,
    processes: &mut Processes,
    mut signals: Signals,
) -> Result<()> {
    for service in SERVICES {
        let mut migrate = Command::new(programs.join(service));
        succeed(migrate.arg("migrate").envs(plan.service(service)))?;
    }
    let mut stripe = Command::new(programs.join("fake-stripe"));
    processes.start("fake-stripe", stripe.args(plan.stripe()))?;
    for service in SERVICES {
        let mut serve = Command::new(programs.join(service));
        processes.start(service, serve.arg("serve").envs(plan.service(service)))?;
    }
    processes.start("gateway", Command::new(programs.join("gateway")).envs(plan.gateway()))?;
    let begun = Instant::now();
    let ports = SERVICES.iter().map(|service| plan.port_of(service)).chain([plan.public]);
    let mut waiting: Vec<u16> = ports.collect();
    let mut told = false;
    while !signals.arrived() {
        processes.all_alive()?;
        waiting.retain(|port| !is_ready(*port));
        if waiting.is_empty() && !told {
            println!("Commonhold is ready on http://localhost:{}; Ctrl-C stops it", plan.public);
            told = true;
        }
        if !told && begun.elapsed() > START {
            bail!("not ready within {START:?}: ports {waiting:?}");
        }
    }
    Ok(())
}

/// Builds the programs and says where they are.
fn build() -> Result<PathBuf> {
    let mut build = cargo(&["build", "--quiet", "-p", "gateway", "-p", "fake-stripe"]);
    for service in SERVICES {
        build.args(["-p", service]);
    }
    succeed(&mut build)?;
    let me = std::env::current_exe()?;
    Ok(me.parent().context("the folder of this program")?.to_owned())
}

/// A service's roles and database. Its tables belong to somebody else, who migrates.
fn database(service: &str) -> [String; 3] {
    let role = |kind: &str| format!("CREATE ROLE {service}_{kind} LOGIN NOSUPERUSER NOBYPASSRLS");
    [role("app"), role("worker"), format!("CREATE DATABASE {service}")]
}

/// Who listens where, and what everybody has to know.
struct Plan {
    public: u16,
    stripe: u16,
    services: Vec<(&'static str, u16)>,
    postgres: String,
    redis: String,
    files: PathBuf,
}

type Environment = Vec<(String, String)>;

impl Plan {
    fn new(public: u16, servers: &Servers, files: &Path) -> Result<Self> {
        TcpListener::bind((Ipv4Addr::LOCALHOST, public))
            .with_context(|| format!("port {public} is taken; choose another with --port"))?;
        let mut services = Vec::new();
        for service in SERVICES {
            services.push((service, free_port()?));
        }
        let (postgres, redis) = (servers.postgres.clone(), servers.redis_url.clone());
        Ok(Self { public, stripe: free_port()?, services, postgres, redis, files: files.into() })
    }

    fn port_of(&self, service: &str) -> u16 {
        self.services.iter().find(|(name, _)| *name == service).map_or(0, |(_, port)| *port)
    }

    /// What every process has to know.
    fn everybody(&self, listen: u16) -> Environment {
        let mut all = vec![
            ("LISTEN".to_owned(), format!("127.0.0.1:{listen}")),
            ("GATEWAY_PROOF".to_owned(), PROOF.to_owned()),
        ];
        let url = |port: u16| format!("http://127.0.0.1:{port}");
        all.extend(self.services.iter().map(|(name, port)| (key(name, "URL"), url(*port))));
        all
    }

    fn service(&self, service: &str) -> Environment {
        let mut all = self.everybody(self.port_of(service));
        let host = self.postgres.rsplit('@').next().unwrap_or_default();
        let role = |kind: &str| format!("postgres://{service}_{kind}@{host}/{service}");
        all.extend([
            (key(service, "DATABASE_URL"), role("app")),
            (key(service, "WORKER_DATABASE_URL"), role("worker")),
            (key(service, "MIGRATE_DATABASE_URL"), format!("{}/{service}", self.postgres)),
        ]);
        let shared = [
            ("REDIS_URL", self.redis.clone()),
            ("MASTER_KEY", MASTER_KEY.to_owned()),
            ("COMMONHOLD_DATA", self.files.display().to_string()),
            ("PUBLIC_URL", format!("http://localhost:{}", self.public)),
            ("STRIPE_API_URL", format!("http://127.0.0.1:{}/", self.stripe)),
            ("STRIPE_SECRET_KEY", PLATFORM_KEY.to_owned()),
            ("STRIPE_WEBHOOK_SECRET", WEBHOOK_SECRET.to_owned()),
        ];
        all.extend(shared.map(|(key, value)| (key.to_owned(), value)));
        all
    }

    fn gateway(&self) -> Environment {
        let mut all = self.everybody(self.public);
        all.extend([
            ("SUPERGRAPH".to_owned(), SUPERGRAPH.to_owned()),
            ("METRICS".to_owned(), "true".to_owned()),
        ]);
        all
    }

    /// The arguments of the fake Stripe.
    fn stripe(&self) -> [String; 8] {
        let public = format!("http://127.0.0.1:{}/webhooks/stripe/platform", self.public);
        [
            "--listen".to_owned(),
            format!("127.0.0.1:{}", self.stripe),
            "--key".to_owned(),
            format!("{PLATFORM_KEY}={PLATFORM_ACCOUNT}"),
            "--webhook-url".to_owned(),
            public,
            "--webhook-secret".to_owned(),
            WEBHOOK_SECRET.to_owned(),
        ]
    }
}

/// `BILLING_URL` and the like.
fn key(service: &str, what: &str) -> String {
    format!("{}_{what}", service.to_uppercase().replace('-', "_"))
}

/// Whether `/readyz` answers 200.
fn is_ready(port: u16) -> bool {
    let patience = Duration::from_secs(1);
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&address, patience)?;
        stream.set_read_timeout(Some(patience))?;
        stream
            .write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok(status.ends_with(b" 200"))
    };
    ask().unwrap_or(false)
}

/// Processes in the order of their start; whatever happens they end with this value.
#[derive(Default)]
struct Processes(Vec<(String, Child)>);

impl Processes {
    /// Starts one, in a process group of its own: Ctrl-C reaches it through us alone, after the
    /// gateway has ended.
    fn start(&mut self, name: &str, command: &mut Command) -> Result<()> {
        let child = command.process_group(0).stdin(Stdio::null()).spawn();
        self.0.push((name.to_owned(), child.with_context(|| format!("starting {name}"))?));
        Ok(())
    }

    fn all_alive(&mut self) -> Result<()> {
        for (name, child) in &mut self.0 {
            if let Some(status) = child.try_wait()? {
                bail!("{name} ended by itself: {status}");
            }
        }
        Ok(())
    }

    /// Ends them from the last to the first: the gateway before the services behind it.
    fn stop(&mut self) {
        while let Some((name, mut child)) = self.0.pop() {
            if matches!(child.try_wait(), Ok(None)) {
                servers::terminate(child.id());
            }
            let begun = Instant::now();
            while matches!(child.try_wait(), Ok(None)) {
                if begun.elapsed() > END {
                    eprintln!("{name} does not end by itself");
                    child.kill().ok();
                }
                thread::sleep(Duration::from_millis(20));
            }
        }
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        Plan {
            public: 8080,
            stripe: 8420,
            services: vec![("identity", 1), ("residents", 2), ("billing", 3)],
            postgres: "postgres://postgres@127.0.0.1:5433".to_owned(),
            redis: "redis://127.0.0.1:6380".to_owned(),
            files: "/tmp/files".into(),
        }
    }

    fn get<'e>(all: &'e Environment, key: &str) -> &'e str {
        let found = all.iter().find(|(name, _)| name == key);
        found.map_or_else(|| panic!("{key} is not set"), |(_, value)| value)
    }

    #[test]
    fn a_service_reaches_its_own_database_and_every_other_service() {
        let billing = plan().service("billing");
        assert_eq!(get(&billing, "LISTEN"), "127.0.0.1:3");
        let app = "postgres://billing_app@127.0.0.1:5433/billing";
        assert_eq!(get(&billing, "BILLING_DATABASE_URL"), app);
        let owner = "postgres://postgres@127.0.0.1:5433/billing";
        assert_eq!(get(&billing, "BILLING_MIGRATE_DATABASE_URL"), owner);
        assert_eq!(get(&billing, "IDENTITY_URL"), "http://127.0.0.1:1");
        assert!(billing.iter().all(|(key, _)| key != "RESIDENTS_DATABASE_URL"));
    }

    #[test]
    fn the_gateway_knows_no_database() {
        let gateway = plan().gateway();
        assert_eq!(get(&gateway, "LISTEN"), "127.0.0.1:8080");
        assert_eq!(get(&gateway, "RESIDENTS_URL"), "http://127.0.0.1:2");
        assert!(gateway.iter().all(|(key, _)| !key.contains("DATABASE") && key != "MASTER_KEY"));
    }

    #[test]
    fn a_process_ends_when_it_is_told_and_its_end_is_noticed() {
        let mut processes = Processes::default();
        processes.start("sleeper", Command::new("sleep").arg("600")).unwrap();
        processes.all_alive().unwrap();
        let begun = Instant::now();
        processes.stop();
        assert!(begun.elapsed() < END);
        processes.start("quick", &mut Command::new("true")).unwrap();
        while processes.all_alive().is_ok() {}
        let error = processes.all_alive().unwrap_err().to_string();
        assert!(error.starts_with("quick ended by itself"), "{error}");
    }

    #[test]
    #[ignore = "starts PostgreSQL and Redis; `cargo xtask test` has its own"]
    fn a_services_role_reaches_its_database_and_owns_nothing() {
        let servers = Servers::start().unwrap();
        for sql in database("billing") {
            servers.sql("postgres", &sql).unwrap();
        }
        servers.sql("billing", "CREATE TABLE bills (id INT)").unwrap();
        let as_app = servers.postgres.replace("postgres@", "billing_app@");
        assert!(servers.sql_as(&as_app, "billing", "SELECT 1").is_ok());
        assert!(servers.sql_as(&as_app, "billing", "SELECT * FROM bills").is_err());
    }
}
