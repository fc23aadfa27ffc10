//! The distributed installation on one machine: every service a process, throw-away servers.

use anyhow::Result;
use servers::{Durability, Plan, Processes, Servers, Split, Storage, build};
use std::{process::Command, time::Duration};
use tokio::{
    runtime::Runtime,
    signal::unix::{Signal, SignalKind, signal},
};

/// What the installation consists of, and who fills it.
const PACKAGES: [&str; 7] =
    ["identity", "residents", "billing", "service-desk", "gateway", "fake-stripe", "demo"];

/// The operator of the platform that loads the demo; known to everybody, like all secrets here.
const OPERATOR: (&str, &str) = ("demo-loader", "loads the demo of run-split");

/// How long everything may take to be ready.
const START: Duration = Duration::from_mins(1);

/// Starts everything and loads the demo, waits for a signal or for the end of one process, stops
/// everything.
pub fn run(port: u16) -> Result<()> {
    let programs = build(&PACKAGES)?;
    // Listened for from here on, so that a signal during the start stops what was started.
    let signals = Signals::listen()?;
    let servers = Servers::start(Durability::Fast)?;
    let plan = Plan::new(programs, Storage::on(&servers)?)?.on_port(port)?.with("LOG", "warn");
    let mut split = Split::start(plan)?;
    let ended = serve(&mut split, signals);
    split.stop_all();
    drop(servers);
    ended
}

/// Ctrl-C and SIGTERM.
struct Signals {
    runtime: Runtime,
    term: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (term, interrupt) = {
            let _inside = runtime.enter();
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?)
        };
        Ok(Self { runtime, term, interrupt })
    }

    /// Whether one arrived within a moment.
    fn arrived(&mut self) -> bool {
        let Self { runtime, term, interrupt } = self;
        runtime.block_on(async {
            tokio::select! {
                _ = term.recv() => true,
                _ = interrupt.recv() => true,
                () = tokio::time::sleep(Duration::from_millis(100)) => false,
            }
        })
    }
}

fn serve(split: &mut Split, mut signals: Signals) -> Result<()> {
    split.wait_ready(START)?;
    let (name, password) = OPERATOR;
    split.add_operator(name, password)?;
    let mut load = Command::new(split.plan().program("demo"));
    load.args(["--url", &split.plan().url(), "--operator", name]);
    let mut loader = Processes::default();
    loader.start("demo", load.env("OPERATOR_PASSWORD", password))?;
    while !signals.arrived() {
        split.all_alive()?;
        loader.all_done()?;
    }
    Ok(())
}
