//! Who listens where, and what every process has to know.

use crate::{
    Servers,
    programs::{folder, free_port},
};
use anyhow::{Context as _, Result, bail};
use std::{
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
};

/// The services, each a binary of its own name.
pub const SERVICES: [&str; 4] = ["identity", "residents", "billing", "service-desk"];

/// What `cargo xtask schema` writes.
const SUPERGRAPH: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../services/gateway/supergraph.graphql");

/// Test values, known to everybody: these servers end with the command.
const PLATFORM_KEY: &str = "sk_test_platform";
const PLATFORM_ACCOUNT: &str = "acct_platform";
const WEBHOOK_SECRET: &str = "whsec_run_split";
const PROOF: &str = "run-split: known to every process of this machine";
const MASTER_KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Names and values of environment variables.
pub type Environment = Vec<(String, String)>;

/// Where services keep their data.
#[derive(Clone, Debug)]
pub enum Storage {
    /// A database of its own for each, and events announced by Redis.
    Servers {
        /// `postgres://postgres@127.0.0.1:PORT`
        postgres: String,
        /// `redis://127.0.0.1:PORT`
        redis: String,
    },
    /// An SQLite file each in the installation's folder; no Redis.
    Files,
}

impl Storage {
    /// New databases and roles for every service on these servers.
    ///
    /// # Errors
    /// When they are there already.
    pub fn on(servers: &Servers) -> Result<Self> {
        for service in SERVICES {
            for sql in database(service) {
                servers.postgres.sql("postgres", &sql)?;
            }
        }
        let (postgres, redis) = (servers.postgres.url.clone(), servers.redis.url.clone());
        Ok(Self::Servers { postgres, redis })
    }
}

/// A service's roles and database. Its tables belong to somebody else, who migrates.
fn database(service: &str) -> [String; 3] {
    let service = sql_name(service);
    let role = |kind: &str| format!("CREATE ROLE {service}_{kind} LOGIN NOSUPERUSER NOBYPASSRLS");
    [role("app"), role("worker"), format!("CREATE DATABASE {service}")]
}

/// A service's name where a hyphen would be a minus.
fn sql_name(service: &str) -> String {
    service.replace('-', "_")
}

/// An installation that is not started yet.
#[derive(Clone, Debug)]
pub struct Plan {
    programs: PathBuf,
    public: u16,
    stripe: u16,
    services: Vec<(&'static str, u16)>,
    storage: Storage,
    pub(crate) folder: PathBuf,
    settings: Environment,
    pub(crate) logs: bool,
}

impl Plan {
    /// An installation of the binaries in a folder, on free ports.
    ///
    /// # Errors
    /// When the composed graph is not in the repository, or no port is free.
    pub fn new(programs: impl Into<PathBuf>, storage: Storage) -> Result<Self> {
        if !Path::new(SUPERGRAPH).exists() {
            bail!("{SUPERGRAPH} is missing; run `make schema`");
        }
        let mut services = Vec::new();
        for service in SERVICES {
            services.push((service, free_port()?));
        }
        Ok(Self {
            programs: programs.into(),
            public: free_port()?,
            stripe: free_port()?,
            services,
            storage,
            folder: folder("split")?,
            settings: Environment::new(),
            logs: false,
        })
    }

    /// The same with the gateway on this port.
    ///
    /// # Errors
    /// When it is taken.
    pub fn on_port(mut self, public: u16) -> Result<Self> {
        TcpListener::bind((Ipv4Addr::LOCALHOST, public))
            .with_context(|| format!("port {public} is taken; choose another with --port"))?;
        self.public = public;
        Ok(self)
    }

    /// The same with one more setting for every process.
    #[must_use]
    pub fn with(mut self, key: &str, value: &str) -> Self {
        self.settings.push((key.to_owned(), value.to_owned()));
        self
    }

    /// The same with more settings for every process.
    #[must_use]
    pub fn with_all(self, settings: &[(&str, &str)]) -> Self {
        settings.iter().fold(self, |plan, (key, value)| plan.with(key, value))
    }

    /// The same with what the processes print in `NAME.log` files of [`Plan::folder`] instead of
    /// this process's own output.
    #[must_use]
    pub fn with_log_files(mut self) -> Self {
        self.logs = true;
        self
    }

    /// Where clients connect.
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.public)
    }

    /// Where the fake Stripe is.
    pub fn stripe_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.stripe)
    }

    /// Where uploaded files, SQLite files and logs are; it goes with the installation.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The path of a binary.
    pub fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// The port of a service, or of the gateway.
    pub fn port_of(&self, name: &str) -> Option<u16> {
        let service = self.services.iter().find(|(known, _)| *known == name);
        service.map(|(_, port)| *port).or((name == "gateway").then_some(self.public))
    }

    /// The environment of a service, or of the gateway.
    pub fn environment(&self, name: &str) -> Environment {
        let mut all = match name {
            "gateway" => self.gateway(),
            service => self.service(service),
        };
        all.extend(self.settings.iter().cloned());
        all
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
        let mut all = self.everybody(self.port_of(service).unwrap_or_default());
        if let Storage::Servers { postgres, redis } = &self.storage {
            let host = postgres.rsplit('@').next().unwrap_or_default();
            let name = sql_name(service);
            let role = |kind: &str| format!("postgres://{name}_{kind}@{host}/{name}");
            all.extend([
                (key(service, "DATABASE_URL"), role("app")),
                (key(service, "WORKER_DATABASE_URL"), role("worker")),
                (key(service, "MIGRATE_DATABASE_URL"), format!("{postgres}/{name}")),
                ("REDIS_URL".to_owned(), redis.clone()),
            ]);
        }
        let shared = [
            ("MASTER_KEY", MASTER_KEY.to_owned()),
            ("COMMONHOLD_DATA", self.folder.display().to_string()),
            ("PUBLIC_URL", self.url()),
            ("STRIPE_API_URL", format!("{}/", self.stripe_url())),
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
    pub(crate) fn stripe(&self) -> [String; 8] {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Durability;

    fn plan() -> Plan {
        Plan {
            programs: "programs".into(),
            public: 8080,
            stripe: 8420,
            services: vec![("identity", 1), ("residents", 2), ("billing", 3)],
            storage: Storage::Servers {
                postgres: "postgres://postgres@127.0.0.1:5433".to_owned(),
                redis: "redis://127.0.0.1:6380".to_owned(),
            },
            folder: "files".into(),
            settings: Environment::new(),
            logs: false,
        }
    }

    fn get<'e>(all: &'e Environment, key: &str) -> &'e str {
        let found = all.iter().find(|(name, _)| name == key);
        found.map_or_else(|| panic!("{key} is not set"), |(_, value)| value)
    }

    #[test]
    fn a_service_reaches_its_own_database_and_every_other_service() {
        let billing = plan().environment("billing");
        assert_eq!(get(&billing, "LISTEN"), "127.0.0.1:3");
        let app = "postgres://billing_app@127.0.0.1:5433/billing";
        assert_eq!(get(&billing, "BILLING_DATABASE_URL"), app);
        let owner = "postgres://postgres@127.0.0.1:5433/billing";
        assert_eq!(get(&billing, "BILLING_MIGRATE_DATABASE_URL"), owner);
        assert_eq!(get(&billing, "IDENTITY_URL"), "http://127.0.0.1:1");
        assert!(billing.iter().all(|(key, _)| key != "RESIDENTS_DATABASE_URL"));
    }

    #[test]
    fn on_files_nobody_knows_a_server() {
        let plan = Plan { storage: Storage::Files, ..plan() }.with("DATABASE_DURABLE", "false");
        let billing = plan.environment("billing");
        assert!(billing.iter().all(|(key, _)| !key.contains("DATABASE_URL") && key != "REDIS_URL"));
        assert_eq!(get(&billing, "COMMONHOLD_DATA"), "files");
        assert_eq!(get(&billing, "DATABASE_DURABLE"), "false");
    }

    #[test]
    fn the_gateway_knows_no_database() {
        let gateway = plan().environment("gateway");
        assert_eq!(get(&gateway, "LISTEN"), "127.0.0.1:8080");
        assert_eq!(get(&gateway, "RESIDENTS_URL"), "http://127.0.0.1:2");
        assert!(gateway.iter().all(|(key, _)| !key.contains("DATABASE") && key != "MASTER_KEY"));
    }

    #[test]
    #[ignore = "starts PostgreSQL and Redis"]
    fn a_services_role_reaches_its_database_and_owns_nothing() {
        let servers = Servers::start(Durability::Fast).unwrap();
        Storage::on(&servers).unwrap();
        let postgres = &servers.postgres;
        postgres.sql("billing", "CREATE TABLE bills (id INT)").unwrap();
        let as_app = postgres.url.replace("postgres@", "billing_app@");
        assert!(postgres.sql_as(&as_app, "billing", "SELECT 1").is_ok());
        assert!(postgres.sql_as(&as_app, "billing", "SELECT * FROM bills").is_err());
    }
}
