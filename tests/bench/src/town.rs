//! The installation that is measured: every service a process, on PostgreSQL and Redis or on
//! SQLite files, with the company in it.

use crate::{
    company::{Company, Wanted},
    postgres::query,
    processes::{self, Watched},
};
use anyhow::{Context as _, Result};
use demo::Door;
use servers::{Durability, Plan, Servers, Split, Storage};
use std::{path::Path, time::Duration};

/// How long everything may take to be ready.
const START: Duration = Duration::from_mins(1);

/// What autovacuum would do within a minute: it leaves empty tables alone, and so does this, because
/// one known to be empty is read through for every key that is checked while it grows.
const AUTOVACUUM: &str = "SELECT format('VACUUM ANALYZE %s', oid::regclass) FROM pg_class \
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0 \
     \\gexec\n";

/// An installation with its company.
pub struct Town {
    /// The processes.
    pub split: Split,
    /// The database servers; none where the data is in files.
    pub servers: Option<Servers>,
    /// The company.
    pub company: Company,
    /// The public origin.
    pub door: Door,
    /// Where clients connect.
    pub port: u16,
}

impl Town {
    /// Starts servers and services, and makes the company.
    pub async fn on_servers(programs: &Path, wanted: Wanted) -> Result<Self> {
        let servers = Servers::start(Durability::Durable)?;
        let storage = Storage::on(&servers)?;
        Self::start(programs, storage, Some(servers), wanted).await
    }

    /// The same on files.
    pub async fn on_files(programs: &Path, units: u32) -> Result<Self> {
        let wanted = Wanted { units, ..Wanted::default() };
        Self::start(programs, Storage::Files, None, wanted).await
    }

    async fn start(
        programs: &Path,
        storage: Storage,
        servers: Option<Servers>,
        wanted: Wanted,
    ) -> Result<Self> {
        let plan = Plan::new(programs, storage)?.with_log_files();
        let mut split = Split::start(plan)?;
        split.wait_ready(START)?;
        let port = split.plan().port_of("gateway").context("the gateway's port")?;
        let door = Door::new(format!("http://127.0.0.1:{port}"));
        let company = Company::create(split.plan(), &door, wanted).await?;
        if let Some(servers) = &servers {
            for service in servers::SERVICES {
                tidy(servers, service)?;
            }
        }
        Ok(Self { split, servers, company, door, port })
    }

    /// Does what autovacuum would do in a service's database.
    pub fn tidy(&self, service: &str) -> Result<()> {
        tidy(self.servers.as_ref().context("there is no server to tidy")?, service)
    }

    /// The process of a service.
    pub fn process(&self, name: &str) -> Result<u32> {
        self.split.id(name).with_context(|| format!("{name} does not run"))
    }

    /// Everything that works for a request.
    pub fn watched(&self) -> Result<Watched> {
        let servers = self.servers.as_ref().context("there is no server to watch")?;
        let ours = servers::SERVICES.iter().chain(&["gateway"]).map(|name| self.process(name));
        let postmaster = processes::postmaster(&servers.postgres.data())?;
        Ok(Watched { ours: ours.collect::<Result<_>>()?, postmaster })
    }
}

fn tidy(servers: &Servers, service: &str) -> Result<()> {
    query(&servers.postgres, "postgres", &service.replace('-', "_"), AUTOVACUUM).map(drop)
}
