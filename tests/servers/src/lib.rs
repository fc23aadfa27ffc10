//! Throw-away servers on one machine, and the services as processes on them.
//!
//! Whatever a value of this crate starts ends with the value, also when a test panics.

mod embedded;
mod plan;
mod postgres;
mod processes;
mod programs;
mod redis;
mod split;

pub use embedded::Embedded;
pub use plan::{Environment, Plan, SERVICES, Storage};
pub use postgres::{Postgres, Shutdown};
pub use processes::Processes;
pub use programs::{build, cargo, find, free_port, install, install_packages, succeed};
pub use redis::Redis;
pub use split::Split;

use anyhow::Result;

/// Whether what was committed survives a crash of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// The server's own defaults: every commit waits for the disk.
    Durable,
    /// Nothing waits for the disk; several times faster, for tests that lose all data anyway.
    Fast,
}

/// One server of each kind.
#[derive(Debug)]
pub struct Servers {
    /// PostgreSQL.
    pub postgres: Postgres,
    /// Redis, which never keeps anything: losing it must lose nothing.
    pub redis: Redis,
}

impl Servers {
    /// Installs the programs if they are missing, starts both and waits until they answer.
    ///
    /// # Errors
    /// When a program is missing and cannot be installed, or does not start.
    pub fn start(durability: Durability) -> Result<Self> {
        install()?;
        Ok(Self { postgres: Postgres::start(durability)?, redis: Redis::start()? })
    }
}
