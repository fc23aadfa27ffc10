//! A Redis server of its own.

use crate::programs::{free_port, wait_for_port};
use anyhow::{Context as _, Result, bail};
use std::{
    os::unix::process::CommandExt as _,
    process::{Child, Command, Stdio},
};

/// A server without a disk, which ends with this value.
#[derive(Debug)]
pub struct Redis {
    port: u16,
    process: Option<Child>,
    /// `redis://127.0.0.1:PORT`
    pub url: String,
}

impl Redis {
    /// Starts one and waits until it answers.
    ///
    /// # Errors
    /// When its program is missing or fails.
    pub fn start() -> Result<Self> {
        let mut server = Self::down()?;
        server.resume()?;
        Ok(server)
    }

    /// A server that is not running yet: its address is known, nobody answers there.
    ///
    /// # Errors
    /// When no port is free.
    pub fn down() -> Result<Self> {
        let port = free_port()?;
        Ok(Self { port, process: None, url: format!("redis://127.0.0.1:{port}") })
    }

    /// Starts it, empty, on its port and waits until it answers.
    ///
    /// # Errors
    /// When it runs already or does not start.
    pub fn resume(&mut self) -> Result<()> {
        if self.process.is_some() {
            bail!("redis-server runs already");
        }
        // In a group of its own: Ctrl-C ends the services first, then this.
        let child = Command::new("redis-server")
            .process_group(0)
            .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port"])
            .arg(self.port.to_string())
            .stdout(Stdio::null())
            .spawn()
            .context("starting redis-server")?;
        self.process = Some(child);
        wait_for_port(self.port)
    }

    /// `kill -9`; everything in it is lost.
    ///
    /// # Errors
    /// When it cannot be killed.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.process.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}
