//! The distributed installation on one machine: every service a process.

use crate::{
    Plan, Processes, SERVICES,
    programs::{is_ready, operator, succeed, wait_for_port},
};
use anyhow::{Context as _, Result, bail};
use std::{
    fs::{self, OpenOptions},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Every service, the gateway and a fake Stripe, each a process under its own name (`billing`,
/// `gateway`, `fake-stripe`, …). They and their folder go with this value.
#[derive(Debug)]
pub struct Split {
    plan: Plan,
    processes: Processes,
}

impl Split {
    /// Migrates the databases and starts everything; [`Split::wait_ready`] waits for it.
    ///
    /// # Errors
    /// When a program is missing or a migration fails.
    pub fn start(plan: Plan) -> Result<Self> {
        let mut split = Self { plan, processes: Processes::default() };
        for service in SERVICES {
            succeed(split.command(service)?.arg("migrate"))?;
        }
        split.start_again("fake-stripe")?;
        // The services call it as soon as they answer.
        let stripe = split.plan.stripe_url();
        let port = stripe.rsplit(':').next().and_then(|port| port.parse().ok());
        wait_for_port(port.context("the port of the fake Stripe")?)?;
        for name in SERVICES.into_iter().chain(["gateway"]) {
            split.start_again(name)?;
        }
        Ok(split)
    }

    /// What was planned: addresses and environments.
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// A program of the installation with the environment it runs in, without arguments.
    ///
    /// # Errors
    /// When its log cannot be written.
    pub fn command(&self, name: &str) -> Result<Command> {
        let mut command = Command::new(self.plan.program(name));
        if name != "fake-stripe" {
            command.envs(self.plan.environment(name));
        }
        if self.plan.logs {
            let path = self.plan.folder.join(format!("{name}.log"));
            let file = OpenOptions::new().create(true).append(true).open(path)?;
            command.stdout(Stdio::from(file.try_clone()?)).stderr(file);
        }
        Ok(command)
    }

    /// Registers an operator of the platform, or gives a known one another password.
    ///
    /// # Errors
    /// When identity's database is not there.
    pub fn add_operator(&self, name: &str, password: &str) -> Result<()> {
        operator(self.command("identity")?, name, password)
    }

    /// Starts one that was killed or stopped, with the environment it had before.
    ///
    /// # Errors
    /// When it runs, or cannot be started.
    pub fn start_again(&mut self, name: &str) -> Result<()> {
        let mut command = self.command(name)?;
        match name {
            "fake-stripe" => command.args(self.plan.stripe()),
            "gateway" => &mut command,
            _ => command.arg("serve"),
        };
        self.processes.start(name, &mut command)
    }

    /// `kill -9`, at once.
    ///
    /// # Errors
    /// When it does not run.
    pub fn kill(&mut self, name: &str) -> Result<()> {
        self.processes.kill(name)
    }

    /// Asks one to end and waits until it has.
    ///
    /// # Errors
    /// When it does not run.
    pub fn stop(&mut self, name: &str) -> Result<()> {
        self.processes.stop(name)
    }

    /// Ends everything in good order.
    pub fn stop_all(&mut self) {
        self.processes.stop_all();
    }

    /// The process id of one, e.g. to look at its memory.
    pub fn id(&self, name: &str) -> Option<u32> {
        self.processes.id(name)
    }

    /// Complains about the first process that ended without being told to.
    ///
    /// # Errors
    /// When there is one.
    pub fn all_alive(&mut self) -> Result<()> {
        self.processes.all_alive()
    }

    /// Whether `/readyz` of a service or of the gateway answers 200.
    pub fn is_ready(&self, name: &str) -> bool {
        self.plan.port_of(name).is_some_and(is_ready)
    }

    /// Waits until every service and the gateway are ready.
    ///
    /// # Errors
    /// When one ends by itself, or is not ready in time.
    pub fn wait_ready(&mut self, patience: Duration) -> Result<()> {
        let begun = Instant::now();
        let mut waiting: Vec<&str> = SERVICES.into_iter().chain(["gateway"]).collect();
        loop {
            self.all_alive()?;
            waiting.retain(|name| !self.is_ready(name));
            if waiting.is_empty() {
                return Ok(());
            }
            if begun.elapsed() > patience {
                bail!("not ready within {patience:?}: {}", waiting.join(", "));
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Split {
    fn drop(&mut self) {
        self.processes.stop_all();
        if thread::panicking() && self.plan.logs {
            eprintln!("what the processes said is in {}", self.plan.folder.display());
        } else {
            fs::remove_dir_all(&self.plan.folder).ok();
        }
    }
}
