//! What it costs to look for promises in danger while a hundred thousand tickets are open.

use crate::{
    postgres::query,
    processes::{self, Watched},
    report::Row,
    town::Town,
};
use anyhow::{Context as _, Result};
use std::time::Duration;

/// Open tickets with a clock that runs.
const TICKETS: u32 = 100_000;

/// How long is looked on.
#[derive(Clone, Copy, Debug)]
pub struct Watch(pub Duration);

/// Gives the newest clock of the board a hundred thousand companions of the same company, none of
/// which is due today, and looks at what the service and PostgreSQL use while nobody asks anything.
pub async fn measure(town: &Town, Watch(lasts): Watch) -> Result<Row> {
    let servers = town.servers.as_ref().context("there is no server to watch")?;
    let run = |sql: &str| query(&servers.postgres, "postgres", "service_desk", sql);
    run(&format!(
        "CREATE TEMP TABLE one AS SELECT * FROM sla_clocks WHERE open ORDER BY started_at DESC LIMIT 1;
         UPDATE one SET next_at = now() + interval '2 days';
         CREATE TEMP TABLE many AS SELECT one.* FROM one, generate_series(1, {TICKETS});
         UPDATE many SET id = gen_random_uuid(), subject_id = gen_random_uuid();
         INSERT INTO sla_clocks SELECT * FROM many;
         INSERT INTO jobs (tenant_id, kind, id, state, run_after)
         SELECT tenant_id, 'sla', id, 'queued', next_at + random() * interval '1 day' FROM many;"
    ))?;
    town.tidy("service-desk")?;
    let waiting = run("SELECT count(*) FROM jobs WHERE kind = 'sla' AND state = 'queued'")?;
    anyhow::ensure!(waiting.parse::<u32>()? >= TICKETS, "{waiting} timers wait");
    let postmaster = processes::postmaster(&servers.postgres.data())?;
    let watched = Watched { ours: vec![town.process("service-desk")?], postmaster };
    // What writing them left to do is not the timers'.
    run("CHECKPOINT")?;
    let before = watched.seconds()?;
    tokio::time::sleep(lasts).await;
    let used = watched.seconds()?.since(before);
    let minute = 60.0 / lasts.as_secs_f64();
    let (ours, postgres) = (used.ours * minute, used.postgres * minute);
    Ok(Row::judged(
        format!(
            "{TICKETS} open tickets wait: processor time a minute of the service, of PostgreSQL (all databases)"
        ),
        format!("{ours:.2} and {postgres:.2} s"),
        "service < 1 s",
        ours < 1.0,
    ))
}
