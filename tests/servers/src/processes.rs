//! Child processes with names.

use crate::programs::succeed;
use anyhow::{Context as _, Result, anyhow, bail};
use std::{
    os::unix::process::CommandExt as _,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How long a process may take to end by itself; the gateway drains for 15 s.
const END: Duration = Duration::from_secs(20);

/// Processes in the order of their start; whatever happens they end with this value.
#[derive(Debug, Default)]
pub struct Processes(Vec<(String, Child)>);

impl Processes {
    /// Starts one, in a process group of its own: Ctrl-C reaches it through us alone, after the
    /// gateway has ended.
    ///
    /// # Errors
    /// When it cannot be started or one of that name runs.
    pub fn start(&mut self, name: &str, command: &mut Command) -> Result<()> {
        if self.0.iter().any(|(known, _)| known == name) {
            bail!("{name} runs already");
        }
        let child = command.process_group(0).stdin(Stdio::null()).spawn();
        self.0.push((name.to_owned(), child.with_context(|| format!("starting {name}"))?));
        Ok(())
    }

    /// Complains about the first one that has ended without being told to.
    ///
    /// # Errors
    /// When there is one.
    pub fn all_alive(&mut self) -> Result<()> {
        for (name, child) in &mut self.0 {
            if let Some(status) = child.try_wait()? {
                bail!("{name} ended by itself: {status}");
            }
        }
        Ok(())
    }

    /// Forgets those that have ended well; complains about the first one that failed.
    ///
    /// # Errors
    /// When there is one.
    pub fn all_done(&mut self) -> Result<bool> {
        let mut failed = None;
        self.0.retain_mut(|(name, child)| match child.try_wait() {
            Ok(None) => true,
            Ok(Some(status)) if status.success() => false,
            Ok(Some(status)) => {
                failed = Some(anyhow!("{name} failed: {status}"));
                true
            }
            Err(error) => {
                failed = Some(error.into());
                true
            }
        });
        failed.map_or_else(|| Ok(self.0.is_empty()), Err)
    }

    /// The process id of one.
    pub fn id(&self, name: &str) -> Option<u32> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, child)| child.id())
    }

    /// `kill -9`, at once.
    ///
    /// # Errors
    /// When none of that name runs.
    pub fn kill(&mut self, name: &str) -> Result<()> {
        let mut child = self.take(name)?;
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    /// Asks one to end and waits until it has.
    ///
    /// # Errors
    /// When none of that name runs.
    pub fn stop(&mut self, name: &str) -> Result<()> {
        let child = self.take(name)?;
        end(name, child);
        Ok(())
    }

    /// Ends them from the last to the first: the gateway before the services behind it.
    pub fn stop_all(&mut self) {
        while let Some((name, child)) = self.0.pop() {
            end(&name, child);
        }
    }

    fn take(&mut self, name: &str) -> Result<Child> {
        let place = self.0.iter().position(|(known, _)| known == name);
        let place = place.with_context(|| format!("{name} does not run"))?;
        Ok(self.0.remove(place).1)
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        self.stop_all();
    }
}

fn end(name: &str, mut child: Child) {
    let told = matches!(child.try_wait(), Ok(None))
        && succeed(Command::new("kill").args(["-TERM", &child.id().to_string()])).is_ok();
    let begun = Instant::now();
    while matches!(child.try_wait(), Ok(None)) {
        if !told || begun.elapsed() > END {
            eprintln!("{name} does not end by itself");
            child.kill().ok();
        }
        thread::sleep(Duration::from_millis(20));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_ends_when_it_is_told_and_its_end_is_noticed() {
        let mut processes = Processes::default();
        processes.start("sleeper", Command::new("sleep").arg("600")).unwrap();
        assert!(processes.start("sleeper", Command::new("sleep").arg("600")).is_err());
        processes.all_alive().unwrap();
        let begun = Instant::now();
        processes.stop("sleeper").unwrap();
        assert!(begun.elapsed() < END);
        assert!(processes.kill("sleeper").is_err());
        processes.start("quick", &mut Command::new("true")).unwrap();
        while processes.all_alive().is_ok() {}
        let error = processes.all_alive().unwrap_err().to_string();
        assert!(error.starts_with("quick ended by itself"), "{error}");
    }

    #[test]
    fn who_ends_well_is_done_and_who_fails_is_named() {
        let mut processes = Processes::default();
        processes.start("good", &mut Command::new("true")).unwrap();
        while !processes.all_done().unwrap() {}
        processes.start("bad", &mut Command::new("false")).unwrap();
        let error = loop {
            if let Err(error) = processes.all_done() {
                break error.to_string();
            }
        };
        assert!(error.starts_with("bad failed"), "{error}");
    }

    #[test]
    fn a_killed_process_can_be_started_again() {
        let mut processes = Processes::default();
        processes.start("sleeper", Command::new("sleep").arg("600")).unwrap();
        let first = processes.id("sleeper");
        processes.kill("sleeper").unwrap();
        assert_eq!(processes.id("sleeper"), None);
        processes.start("sleeper", Command::new("sleep").arg("600")).unwrap();
        assert_ne!(processes.id("sleeper"), first);
    }
}
