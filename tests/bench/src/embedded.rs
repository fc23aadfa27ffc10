//! Everything in one process: how much memory it has when nobody asks, how soon it answers.

use crate::{
    load::{Connection, post},
    processes,
    report::Row,
};
use anyhow::{Context as _, Result, bail};
use serde_json::json;
use servers::Processes;
use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// How long the first start may take, which imports the demo estate.
const PATIENCE: Duration = Duration::from_mins(3);

/// Starts twice on the same data.
pub async fn measure(programs: &Path, idle: Duration) -> Result<Vec<Row>> {
    let data = std::env::temp_dir().join(format!("commonhold-embedded-{}", std::process::id()));
    let measured = twice(programs, &data, idle).await;
    std::fs::remove_dir_all(&data).ok();
    measured
}

async fn twice(programs: &Path, data: &Path, idle: Duration) -> Result<Vec<Row>> {
    let (first, after_load) = once(programs, data, idle).await?;
    let (second, memory) = once(programs, data, idle).await?;
    Ok(vec![
        Row::judged(
            format!("embedded mode, demo loaded: memory after {} s of rest", idle.as_secs()),
            format!("{memory:.0} MB ({after_load:.0} MB in the process that loaded the demo)"),
            "≤ 150 MB",
            memory <= 150.0 && after_load <= 150.0,
        ),
        Row::judged(
            "embedded mode: second start to first answer",
            format!(
                "{:.1} s (first, with loading: {:.1} s)",
                second.as_secs_f64(),
                first.as_secs_f64()
            ),
            "< 5 s",
            second < Duration::from_secs(5),
        ),
    ])
}

/// How long until the first answer of the graph, and the memory after a rest.
async fn once(programs: &Path, data: &Path, idle: Duration) -> Result<(Duration, f64)> {
    let port = servers::free_port()?;
    let mut processes = Processes::default();
    let begun = Instant::now();
    let mut command = Command::new(programs.join("commonhold"));
    command.args(["--demo", "--listen", &format!("127.0.0.1:{port}"), "--data"]).arg(data);
    processes.start("commonhold", command.stdout(Stdio::null()))?;
    while !answers(port).await {
        processes.all_alive()?;
        if begun.elapsed() > PATIENCE {
            bail!("no answer within {PATIENCE:?}");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let took = begun.elapsed();
    tokio::time::sleep(idle).await;
    let memory = processes::resident_mb(processes.id("commonhold").context("it runs")?)?;
    processes.stop("commonhold")?;
    Ok((took, memory))
}

async fn answers(port: u16) -> bool {
    let ask = post("/graphql", None, &json!({ "query": "{ __typename }" }));
    let Ok(mut connection) = Connection::open(port).await else { return false };
    // Until the graph is there, the socket waits.
    let asked = tokio::time::timeout(Duration::from_secs(30), connection.call(&ask)).await;
    asked.is_ok_and(|answer| answer.is_ok_and(|(status, _)| status == 200))
}
