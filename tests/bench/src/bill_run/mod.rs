//! A month's bill run: how fast rows come to be, what it costs in memory, and what everybody else
//! notices of it.

mod limit;
pub mod lines;

use crate::{
    company::{CODE, Company, PASSWORD, unit_id},
    load::{self, Seen, post},
    processes,
    report::Row,
    stats::Sample,
    town::Town,
};
use anyhow::{Context as _, Result, bail, ensure};
use chrono::{DateTime, Months, NaiveDate};
use demo::{Door, acts::text};
use limit::Limit;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Cheap requests a second while a run is on, and before it.
const PROBES: f64 = 50.0;

/// How long the run of a month may take.
const PATIENCE: Duration = Duration::from_mins(9);

/// One run as billing tells it.
#[derive(Debug)]
struct Done {
    id: Uuid,
    seconds: f64,
    bills: i64,
    lines: i64,
}

/// Runs over months on PostgreSQL, each against plain inserts of the same rows in the same tables.
pub async fn on_postgres(town: &Town, months: u32, calm: Duration) -> Result<Vec<Row>> {
    let probes = probes(town).await?;
    let port = town.port;
    let billing = town.process("billing")?;
    let servers = town.servers.as_ref().context("PostgreSQL")?;
    let mut limit = Limit::prepare(&town.split, &servers.postgres)?;
    let (mut ours, mut plain, mut ratio) =
        (Sample::default(), Sample::default(), Sample::default());
    let (mut before, mut during) = (Sample::default(), Sample::default());
    let (mut slower, mut peak) = (Sample::default(), Sample::default());
    for turn in 0..months {
        let calm = for_a_while(port, &probes, calm).await?.took.at(0.99);
        processes::forget_peak(billing)?;
        let stop = CancellationToken::new();
        let running = async {
            let done = run(&town.door, &town.company, month(&town.company, turn), PATIENCE).await;
            stop.cancel();
            done
        };
        let (done, seen) = tokio::join!(running, load::steady(port, &probes, PROBES, &stop));
        let (done, seen) = (done?, seen?);
        ensure!(done.bills == i64::from(town.company.units), "{done:?}: a bill for every unit");
        peak.add(processes::peak_mb(billing)?);
        let busy = seen.took.at(0.99);
        before.add(calm);
        during.add(busy);
        slower.add(busy / calm);
        let inserted = limit.insert(done.id, town.company.tenant.as_uuid())?;
        let rate = inserted.rows / done.seconds;
        ours.add(rate);
        plain.add(inserted.rows / inserted.seconds);
        ratio.add(rate / (inserted.rows / inserted.seconds));
    }
    let units = town.company.units;
    Ok(vec![
        Row::judged(
            format!("bill run of {units} units, PostgreSQL: rows a second against plain inserts"),
            format!("{} ×", ratio.words(2)),
            "≥ 0.5 ×",
            ratio.median() >= 0.5,
        ),
        Row::told(
            "bill run, PostgreSQL: rows a second, ours and plain",
            format!("{} and {}", ours.words(0), plain.words(0)),
        ),
        Row::judged(
            "bill run, PostgreSQL: peak memory of the billing process",
            format!("{} MB", peak.words(0)),
            "< 200 MB",
            peak.most() < 200.0,
        ),
        Row::judged(
            format!(
                "bill run, PostgreSQL: p99 of {PROBES:.0} other requests a second, before and meanwhile"
            ),
            format!("{} and {} ms: {} ×", before.words(1), during.words(1), slower.words(1)),
            "≤ 2 ×",
            slower.median() <= 2.0,
        ),
    ])
}

/// A run on SQLite; rows are counted as on PostgreSQL.
pub async fn on_sqlite(town: &Town) -> Result<Vec<Row>> {
    let billing = town.process("billing")?;
    processes::forget_peak(billing)?;
    let done = run(&town.door, &town.company, town.company.first_month, PATIENCE).await?;
    // A bill, its lines, its entry and two ledger lines each; a balance and a new account each.
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let rows = (done.bills * 6 + done.lines) as f64;
    Ok(vec![Row::told(
        format!("bill run of {} units, SQLite", town.company.units),
        format!(
            "{:.0} rows a second, peak memory {:.0} MB",
            rows / done.seconds,
            processes::peak_mb(billing)?
        ),
    )])
}

fn month(company: &Company, turn: u32) -> NaiveDate {
    company.first_month.checked_add_months(Months::new(turn)).unwrap_or(company.first_month)
}

/// Starts a run and waits for its end.
async fn run(door: &Door, company: &Company, month: NaiveDate, patience: Duration) -> Result<Done> {
    let finance = door.sign_in(CODE, "finance", PASSWORD).await?;
    let start =
        "mutation($input: StartBillRunInput!) { startBillRun(input: $input) { billRun { id } } }";
    let month = month.format("%Y-%m").to_string();
    let input = json!({ "estateId": company.estate.to_string(), "startMonth": month,
        "idempotencyKey": format!("bench-{month}") });
    let made = finance.ask(start, json!({ "input": input })).await?;
    let id = text(&made, "/startBillRun/billRun/id")?;
    let look =
        "query($id: ID!) { billRun(id: $id) { state startedAt finishedAt bills lines failure } }";
    let begun = tokio::time::Instant::now();
    loop {
        let run = finance.ask(look, json!({ "id": id })).await?["billRun"].take();
        match run["state"].as_str() {
            Some("DONE") => return told(id, &run),
            Some("FAILED") => bail!("the run failed: {run}"),
            _ if begun.elapsed() > patience => bail!("the run does not end: {run}"),
            // So seldom that asking costs the run nothing.
            _ => tokio::time::sleep(Duration::from_millis(250)).await,
        }
    }
}

fn told(id: &str, run: &Value) -> Result<Done> {
    let instant = |key: &str| -> Result<_> {
        Ok(DateTime::parse_from_rfc3339(run[key].as_str().context("an instant")?)?)
    };
    let took = instant("finishedAt")? - instant("startedAt")?;
    let count = |key: &str| run[key].as_i64().context("a count");
    let seconds = took.as_seconds_f64();
    let id = Uuid::try_parse(id.trim_start_matches("brn_"))?;
    Ok(Done { id, seconds, bills: count("bills")?, lines: count("lines")? })
}

/// What others ask meanwhile: a unit's balance, of many units in turn.
async fn probes(town: &Town) -> Result<Arc<[Vec<u8>]>> {
    let desk = town.door.sign_in(CODE, "desk", PASSWORD).await?;
    let balance = "query Balance($unit: ID!) { unit(id: $unit) { id label balance { amount } } }";
    let probes = (0..town.company.units).step_by(97).map(|number| {
        let body = json!({ "query": balance, "variables": { "unit": unit_id(number) } });
        post("/graphql", Some(&desk.token()), &body)
    });
    Ok(probes.collect())
}

async fn for_a_while(port: u16, requests: &Arc<[Vec<u8>]>, lasts: Duration) -> Result<Seen> {
    let stop = CancellationToken::new();
    let ending = async {
        tokio::time::sleep(lasts).await;
        stop.cancel();
    };
    tokio::join!(load::steady(port, requests, PROBES, &stop), ending).0
}
