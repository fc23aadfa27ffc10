//! The embedded installation: one process with everything, SQLite files in one folder.

use crate::{
    Processes,
    programs::{folder, free_port, is_ready, operator},
};
use anyhow::{Result, bail};
use std::{
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The name of the process, which is that of its binary.
const NAME: &str = "commonhold";

/// `commonhold` on a free port. It and its folder go with this value.
#[derive(Debug)]
pub struct Embedded {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    settings: Vec<(String, String)>,
    processes: Processes,
}

impl Embedded {
    /// Starts the binary of this folder with these settings besides its own defaults.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(programs: impl Into<PathBuf>, settings: &[(&str, &str)]) -> Result<Self> {
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        let mut embedded = Self {
            programs: programs.into(),
            folder: folder("embedded")?,
            port: free_port()?,
            settings: settings.iter().map(owned).collect(),
            processes: Processes::default(),
        };
        embedded.start_again()?;
        Ok(embedded)
    }

    /// Where clients connect.
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Starts it again after [`Embedded::kill`], with the data it had.
    ///
    /// # Errors
    /// When it runs, or cannot be started.
    pub fn start_again(&mut self) -> Result<()> {
        let log = self.folder.join("commonhold.log");
        let log = OpenOptions::new().create(true).append(true).open(log)?;
        let mut command = Command::new(self.programs.join(NAME));
        command.args(["--listen", &format!("127.0.0.1:{}", self.port), "--data"]);
        command.arg(self.data()).envs(self.settings.iter().cloned());
        command.stdout(Stdio::from(log.try_clone()?)).stderr(log);
        self.processes.start(NAME, &mut command)
    }

    /// `kill -9`, at once.
    ///
    /// # Errors
    /// When it does not run.
    pub fn kill(&mut self) -> Result<()> {
        self.processes.kill(NAME)
    }

    /// Waits until it serves.
    ///
    /// # Errors
    /// When it ends by itself, or does not serve in time.
    pub fn wait_ready(&mut self, patience: Duration) -> Result<()> {
        let begun = Instant::now();
        while !is_ready(self.port) {
            self.processes.all_alive()?;
            if begun.elapsed() > patience {
                bail!("{NAME} is not ready within {patience:?}");
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Registers an operator of the platform, or gives a known one another password.
    ///
    /// # Errors
    /// When its databases are not there yet.
    pub fn add_operator(&self, name: &str, password: &str) -> Result<()> {
        let mut identity = Command::new(self.programs.join("identity"));
        identity.env("COMMONHOLD_DATA", self.data()).envs(self.settings.iter().cloned());
        operator(identity, name, password)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Where its data and its log are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.processes.stop_all();
        if thread::panicking() {
            eprintln!("what the process said is in {}", self.folder.display());
        } else {
            fs::remove_dir_all(&self.folder).ok();
        }
    }
}
