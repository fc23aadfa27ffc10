//! Programs, ports and folders of this machine.

use anyhow::{Context as _, Result, bail};
use std::{
    fs,
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

/// Below the ports that the system gives to outgoing connections (from 32,768 on Linux).
const PORTS: std::ops::Range<u32> = 20_000..32_000;

/// Makes sure both servers' programs are on the machine, installing Debian's packages when this
/// is a root shell on Debian or Ubuntu.
///
/// # Errors
/// When they are missing and cannot be installed; the text says what to do.
pub fn install() -> Result<()> {
    let mut missing = Vec::new();
    if postgres_bin().is_none() {
        missing.push("postgresql");
    }
    if find("redis-server").is_none() {
        missing.push("redis-server");
    }
    if missing.is_empty() { Ok(()) } else { install_packages(&missing) }
}

/// Installs Debian's packages when this is a root shell on Debian or Ubuntu.
///
/// # Errors
/// Elsewhere; the text says how to install them.
pub fn install_packages(missing: &[&str]) -> Result<()> {
    if find("apt-get").is_none() || !is_root() {
        bail!(
            "missing: {}. Install with: sudo apt-get install {}",
            missing.join(", "),
            missing.join(" ")
        );
    }
    println!("installing {}", missing.join(", "));
    let quiet = |args: &[&str]| -> Result<()> {
        let mut command = Command::new("apt-get");
        command.args(args).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
        succeed(&mut command)
    };
    quiet(&["update", "-qq"])?;
    let mut install = vec!["install", "-y", "-qq", "--no-install-recommends"];
    install.extend(missing);
    quiet(&install)
}

/// Builds the binaries of these packages in the profile of this program and says in which folder
/// they are: that of this program.
///
/// # Errors
/// When they do not compile.
pub fn build(packages: &[&str]) -> Result<PathBuf> {
    let mut build = cargo(&["build", "--quiet"]);
    for package in packages {
        build.args(["-p", package]);
    }
    let me = std::env::current_exe()?;
    let folder = me.parent().context("the folder of this program")?;
    if folder.ends_with("release") {
        build.arg("--release");
    }
    succeed(&mut build)?;
    Ok(folder.to_owned())
}

/// Cargo, as if called from a shell: what `cargo run` puts into the environment of this process
/// would make build scripts that look at it run again, and everything above them compile again.
pub fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(args);
    for (key, _) in std::env::vars() {
        if key.starts_with("CARGO_PKG_") || key.starts_with("CARGO_MANIFEST_") || key == "CARGO" {
            command.env_remove(key);
        }
    }
    command
}

/// Runs a command that must succeed.
///
/// # Errors
/// When it cannot be started or fails.
pub fn succeed(command: &mut Command) -> Result<()> {
    // Without the environment, which may hold secrets.
    let words: Vec<_> = [command.get_program()].into_iter().chain(command.get_args()).collect();
    let words = format!("{words:?}");
    let status = command.status().with_context(|| format!("starting {words}"))?;
    if status.success() { Ok(()) } else { bail!("{words} failed: {status}") }
}

/// Where a program is, if it is installed.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.exists())
}

/// A port of the loopback address that nobody listens on now, and that no outgoing connection is
/// given while whoever listens on it is down for a moment.
///
/// # Errors
/// When none is free.
pub fn free_port() -> Result<u16> {
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    let size = PORTS.end - PORTS.start;
    for _ in 0..size {
        // Processes that look at the same time begin at different places.
        let turn = GIVEN.fetch_add(1, Ordering::Relaxed);
        let offset = std::process::id().wrapping_mul(61).wrapping_add(turn) % size;
        let port = u16::try_from(PORTS.start + offset)?;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port between {} and {} is free", PORTS.start, PORTS.end)
}

/// Waits until something listens.
pub(crate) fn wait_for_port(port: u16) -> Result<()> {
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if begun.elapsed() > Duration::from_secs(20) {
            bail!("nothing listens on port {port}");
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Whether `/readyz` answers 200.
pub(crate) fn is_ready(port: u16) -> bool {
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

/// Registers an operator of the platform with the program `identity` in its environment.
pub(crate) fn operator(mut identity: Command, name: &str, password: &str) -> Result<()> {
    identity.args(["operator", "add", name]).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut add = identity.spawn().context("starting identity")?;
    let mut input = add.stdin.take().context("the command's input")?;
    writeln!(input, "{password}")?;
    drop(input);
    let status = add.wait()?;
    if status.success() { Ok(()) } else { bail!("identity operator add failed: {status}") }
}

/// A new folder for one value of this process.
pub(crate) fn folder(what: &str) -> Result<PathBuf> {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let turn = MADE.fetch_add(1, Ordering::Relaxed);
    let name = format!("commonhold-{what}-{}-{turn}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    Ok(folder)
}

/// Whether this process may do anything.
pub(crate) fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|out| out.stdout.starts_with(b"0"))
}

/// The newest installed PostgreSQL's programs.
pub(crate) fn postgres_bin() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").exists() && bin.join("pg_ctl").exists())
        .collect();
    versions.sort();
    versions.pop().or_else(|| find("initdb").and_then(|path| path.parent().map(Path::to_path_buf)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_given_once_and_below_those_of_outgoing_connections() {
        let ports: Vec<u16> = (0..50).map(|_| free_port().unwrap()).collect();
        let mut distinct = ports.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), ports.len());
        assert!(ports.iter().all(|port| PORTS.contains(&u32::from(*port))));
    }
}
