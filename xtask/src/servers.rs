//! Throw-away PostgreSQL and Redis servers on free ports of the loopback address.

use anyhow::{Context as _, Result, bail};
use std::{
    fs,
    net::TcpListener,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Servers that end with this value.
pub struct Servers {
    folder: PathBuf,
    postgres_bin: PathBuf,
    redis: Child,
    /// `postgres://postgres@127.0.0.1:PORT`
    pub postgres: String,
    /// `redis://127.0.0.1:PORT`
    pub redis_url: String,
}

/// Makes sure both servers' programs are on the machine, installing Debian's packages when this
/// is a root shell on Debian or Ubuntu.
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

/// Installs Debian's packages when this is a root shell on Debian or Ubuntu; otherwise says how.
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

impl Servers {
    /// Starts both and waits until they answer.
    pub fn start() -> Result<Self> {
        install()?;
        let postgres_bin = postgres_bin().context("initdb is not on this machine")?;
        let folder =
            std::env::temp_dir().join(format!("commonhold-servers-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        if is_root() {
            // PostgreSQL refuses to run as root.
            succeed(Command::new("chown").arg("postgres").arg(&folder))?;
        }
        let port = start_postgres(&postgres_bin, &folder)?;
        let redis_port = free_port()?;
        // In a group of its own: Ctrl-C ends the services first, then this.
        let redis = Command::new("redis-server")
            .process_group(0)
            .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port"])
            .arg(redis_port.to_string())
            .stdout(Stdio::null())
            .spawn()
            .context("starting redis-server")?;
        wait_for_port(redis_port)?;
        Ok(Self {
            folder,
            postgres_bin,
            redis,
            postgres: format!("postgres://postgres@127.0.0.1:{port}"),
            redis_url: format!("redis://127.0.0.1:{redis_port}"),
        })
    }
}

impl Servers {
    /// Runs one statement as the owner of everything.
    pub fn sql(&self, database: &str, sql: &str) -> Result<()> {
        self.sql_as(&self.postgres, database, sql)
    }

    /// Runs one statement as the role that `base` names.
    pub fn sql_as(&self, base: &str, database: &str, sql: &str) -> Result<()> {
        let mut psql = Command::new(self.postgres_bin.join("psql"));
        psql.args(["-q", "-v", "ON_ERROR_STOP=1", "-d"]).arg(format!("{base}/{database}"));
        succeed(psql.args(["-c", sql]).stdout(Stdio::null()))
    }
}

/// Asks a process to end.
pub fn terminate(id: u32) {
    let told = Command::new("kill").args(["-TERM", &id.to_string()]).status();
    if !told.is_ok_and(|status| status.success()) {
        eprintln!("process {id} could not be told to end");
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        let mut stop = as_postgres(&self.postgres_bin.join("pg_ctl"));
        stop.arg("-D").arg(self.folder.join("data")).args(["-m", "immediate", "stop"]);
        let stopped = stop.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
        let _ = self.redis.kill();
        let _ = self.redis.wait();
        if stopped {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn start_postgres(bin: &Path, folder: &Path) -> Result<u16> {
    let data = folder.join("data");
    let mut init = as_postgres(&bin.join("initdb"));
    init.arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8"]);
    init.args(["--locale=C.UTF-8", "--no-sync", "--no-instructions"]).stdout(Stdio::null());
    succeed(&mut init).context("initdb")?;
    let port = free_port()?;
    let settings = format!(
        "fsync=off\nsynchronous_commit=off\nfull_page_writes=off\nmax_connections=1000\n\
         listen_addresses='127.0.0.1'\nport={port}\nunix_socket_directories='{}'\n",
        folder.display()
    );
    let config = data.join("postgresql.conf");
    let text = fs::read_to_string(&config)? + &settings;
    fs::write(&config, text)?;
    let mut start = as_postgres(&bin.join("pg_ctl"));
    start.arg("-D").arg(&data).args(["-w", "-t", "30", "-l"]).arg(folder.join("log")).arg("start");
    succeed(start.stdout(Stdio::null())).context("pg_ctl start")?;
    Ok(port)
}

/// The command as user postgres when this is root.
fn as_postgres(program: &Path) -> Command {
    if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|out| out.stdout.starts_with(b"0"))
}

/// The newest installed server's programs.
fn postgres_bin() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").exists() && bin.join("pg_ctl").exists())
        .collect();
    versions.sort();
    versions.pop().or_else(|| find("initdb").and_then(|path| path.parent().map(Path::to_path_buf)))
}

/// Where a program is, if it is installed.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.exists())
}

/// A port nobody listens on now.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Waits until something listens.
pub fn wait_for_port(port: u16) -> Result<()> {
    let begun = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        if begun.elapsed() > Duration::from_secs(20) {
            bail!("nothing listens on port {port}");
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Runs a command that must succeed.
pub fn succeed(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("starting {command:?}"))?;
    if status.success() { Ok(()) } else { bail!("{command:?} failed: {status}") }
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
