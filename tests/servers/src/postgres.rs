//! A PostgreSQL server of its own.

use crate::{
    Durability,
    programs::{folder, free_port, is_root, postgres_bin, succeed},
};
use anyhow::{Context as _, Result};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A server that ends, with its data, together with this value.
#[derive(Debug)]
pub struct Postgres {
    folder: PathBuf,
    bin: PathBuf,
    /// `postgres://postgres@127.0.0.1:PORT`
    pub url: String,
}

/// How a server is told to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shutdown {
    /// Running transactions are rolled back, then all is written: an orderly restart.
    Fast,
    /// Everything stops at once, as in a crash; the next start recovers from the log.
    Immediate,
}

impl Shutdown {
    const fn mode(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Immediate => "immediate",
        }
    }
}

impl Postgres {
    /// Starts one and waits until it answers.
    ///
    /// # Errors
    /// When its programs are missing or fail.
    pub fn start(durability: Durability) -> Result<Self> {
        let bin = postgres_bin().context("initdb is not on this machine")?;
        let folder = folder("postgres")?;
        if is_root() {
            // PostgreSQL refuses to run as root.
            succeed(Command::new("chown").arg("postgres").arg(&folder))?;
        }
        let port = free_port()?;
        let server = Self { folder, bin, url: format!("postgres://postgres@127.0.0.1:{port}") };
        server.init(port, durability)?;
        server.resume()?;
        Ok(server)
    }

    fn init(&self, port: u16, durability: Durability) -> Result<()> {
        let data = self.folder.join("data");
        let mut init = self.program("initdb");
        init.arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8"]);
        init.args(["--locale=C.UTF-8", "--no-sync", "--no-instructions"]).stdout(Stdio::null());
        succeed(&mut init).context("initdb")?;
        let speed = match durability {
            Durability::Durable => "",
            Durability::Fast => "fsync=off\nsynchronous_commit=off\nfull_page_writes=off\n",
        };
        let settings = format!(
            "{speed}max_connections=1000\nlisten_addresses='127.0.0.1'\nport={port}\n\
             unix_socket_directories='{}'\n",
            self.folder.display()
        );
        let config = data.join("postgresql.conf");
        let text = fs::read_to_string(&config)? + &settings;
        Ok(fs::write(&config, text)?)
    }

    /// Starts it again after [`Postgres::stop`], on the same port with the same data, and waits
    /// until it answers.
    ///
    /// # Errors
    /// When it does not come up within 30 s.
    pub fn resume(&self) -> Result<()> {
        let mut start = self.control();
        start.args(["-w", "-t", "30", "-l"]).arg(self.folder.join("log")).arg("start");
        succeed(start.stdout(Stdio::null())).context("pg_ctl start")
    }

    /// Ends it and waits until it has ended; the data stays.
    ///
    /// # Errors
    /// When it does not end.
    pub fn stop(&self, how: Shutdown) -> Result<()> {
        let mut stop = self.control();
        stop.args(["-w", "-t", "30", "-m", how.mode(), "stop"]);
        succeed(stop.stdout(Stdio::null())).context("pg_ctl stop")
    }

    /// Runs one statement as the owner of everything.
    ///
    /// # Errors
    /// When it fails.
    pub fn sql(&self, database: &str, sql: &str) -> Result<()> {
        self.sql_as(&self.url, database, sql)
    }

    /// Runs one statement as the role that `base` names.
    ///
    /// # Errors
    /// When it fails.
    pub fn sql_as(&self, base: &str, database: &str, sql: &str) -> Result<()> {
        let mut psql = Command::new(self.bin.join("psql"));
        psql.args(["-q", "-v", "ON_ERROR_STOP=1", "-d"]).arg(format!("{base}/{database}"));
        succeed(psql.args(["-c", sql]).stdout(Stdio::null()))
    }

    /// What the server says, e.g. about statements when it is told to.
    pub fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// Where its data is.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The folder of the server's programs, e.g. for `pgbench`.
    pub fn programs(&self) -> &Path {
        &self.bin
    }

    fn control(&self) -> Command {
        let mut command = self.program("pg_ctl");
        command.arg("-D").arg(self.folder.join("data"));
        command
    }

    /// One of the server's programs, as user postgres when this is root.
    fn program(&self, name: &str) -> Command {
        let program = self.bin.join(name);
        if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]);
            command.arg(program);
            command
        } else {
            Command::new(program)
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut stop = self.control();
        stop.args(["-m", "immediate", "stop"]).stdout(Stdio::null()).stderr(Stdio::null());
        if stop.status().is_ok() {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}
