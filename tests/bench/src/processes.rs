//! What processes use, from /proc.

use anyhow::{Context as _, Result};
use std::{fs, path::Path};

/// Clock ticks a second; fixed on Linux for everything that /proc tells.
const TICKS: f64 = 100.0;

/// Which processes are watched together.
#[derive(Clone, Debug)]
pub struct Watched {
    /// The services and the gateway.
    pub ours: Vec<u32>,
    /// PostgreSQL's first process; its children belong to it.
    pub postmaster: u32,
}

/// Seconds of processor time since a process began.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seconds {
    /// Of the services and the gateway.
    pub ours: f64,
    /// Of PostgreSQL.
    pub postgres: f64,
}

impl Seconds {
    /// How much more than before.
    pub fn since(self, before: Self) -> Self {
        Self { ours: self.ours - before.ours, postgres: self.postgres - before.postgres }
    }
}

impl Watched {
    /// What they have used so far.
    pub fn seconds(&self) -> Result<Seconds> {
        let mut ours = 0.0;
        for id in &self.ours {
            ours += stat(*id)?.own;
        }
        let parent = stat(self.postmaster)?;
        let mut postgres = parent.own + parent.of_ended_children;
        for entry in fs::read_dir("/proc")? {
            let id = entry?.file_name().to_str().and_then(|name| name.parse().ok());
            // One that has just ended is in its parent's sum.
            let Some(child) = id.and_then(|id| stat(id).ok()) else { continue };
            if child.parent == self.postmaster {
                postgres += child.own;
            }
        }
        Ok(Seconds { ours, postgres })
    }
}

struct Stat {
    parent: u32,
    own: f64,
    of_ended_children: f64,
}

fn stat(id: u32) -> Result<Stat> {
    let text = fs::read_to_string(format!("/proc/{id}/stat"))
        .with_context(|| format!("process {id} has ended"))?;
    // The name stands in brackets and may contain anything.
    let fields: Vec<&str> =
        text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let number = |place: usize| fields.get(place).and_then(|field| field.parse::<u32>().ok());
    let ticks = |place: usize| number(place).map_or(0.0, f64::from) / TICKS;
    Ok(Stat {
        parent: number(1).unwrap_or_default(),
        own: ticks(11) + ticks(12),
        of_ended_children: ticks(13) + ticks(14),
    })
}

/// Memory that a process has now, in MB (10^6 bytes).
pub fn resident_mb(id: u32) -> Result<f64> {
    status_mb(id, "VmRSS:")
}

/// The most memory that a process has had since [`forget_peak`] or its start, in MB.
pub fn peak_mb(id: u32) -> Result<f64> {
    status_mb(id, "VmHWM:")
}

/// From now on the peak of a process counts anew.
pub fn forget_peak(id: u32) -> Result<()> {
    fs::write(format!("/proc/{id}/clear_refs"), "5").context("forgetting the peak of memory")
}

fn status_mb(id: u32, key: &str) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{id}/status"))
        .with_context(|| format!("process {id} has ended"))?;
    let line = text.lines().find_map(|line| line.strip_prefix(key)).context("no such line")?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib * 1024.0 / 1e6)
}

/// The id of the server whose data is in a folder.
pub fn postmaster(data: &Path) -> Result<u32> {
    let text = fs::read_to_string(data.join("postmaster.pid")).context("PostgreSQL's id")?;
    Ok(text.lines().next().unwrap_or_default().trim().parse()?)
}

#[cfg(test)]
mod tests {
    use super::{peak_mb, resident_mb, stat};

    #[test]
    fn this_process_has_a_parent_and_memory() {
        let me = std::process::id();
        assert_eq!(stat(me).unwrap().parent, std::os::unix::process::parent_id());
        // In this order: the tests beside this one may grow the process between the two reads.
        let resident = resident_mb(me).unwrap();
        assert!(resident > 1.0);
        assert!(peak_mb(me).unwrap() >= resident);
        assert!(stat(0).is_err());
    }
}
