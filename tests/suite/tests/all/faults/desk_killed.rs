//! `kill -9` of the service desk at random moments while promises are broken one after the other, and
//! its clock put forward and back: each escalation is told once, and none is missed.

use super::{
    chance::{Chance, kills},
    payers::persevere,
    town::{Town, strike},
};
use crate::installation::PATIENCE;
use anyhow::{Context as _, Result, ensure};
use demo::{
    acts::{self, nodes, text},
    eventually,
};
use futures::future::try_join_all;
use serde_json::json;
use servers::{Durability, Postgres, Servers, Storage};
use std::{
    collections::BTreeMap,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

const DESK: &str = "service-desk";

/// Orders whose promises are broken while the desk is killed, and while its clock jumps.
const ORDERS: usize = 40;

/// Rungs of the ladder for each of the two promises: every tenth part of the time.
const RUNGS: usize = 10;

/// How often each step of each ticket was told: ticket, promise and share.
type Told = BTreeMap<(String, String, i64), usize>;

#[test]
#[ignore = "starts servers of its own; `cargo xtask test faults`"]
fn service_desk_killed_tells_of_every_broken_promise_once() -> Result<()> {
    let servers = Servers::start(Durability::Durable)?;
    let storage = Storage::on(&servers)?;
    let mut chance = Chance::new("service desk killed");
    testkit::run(async {
        let town = Town::empty(storage, &[]).await?;
        answers_for_work(&town).await?;
        killed(&town, &mut chance).await?;
        clock_jumps(&town, &servers.postgres).await
    })?;
    drop(servers);
    Ok(())
}

/// The director is told of what is late.
async fn answers_for_work(town: &Town) -> Result<()> {
    let staff = "{ staff(first: 100) { edges { node { id login } } } }";
    let staff = town.company.session("admin").ask(staff, json!({})).await?;
    let director = nodes(&staff["staff"]).find(|one| one["login"] == "director");
    let director = &director.context("the director")?["id"];
    let save = "mutation($input: SaveResponderInput!) { saveResponder(input: $input) { responder { level } } }";
    let input = json!({ "estateId": town.company.estate, "staffId": director, "level": "DIRECTOR",
        "skills": [], "buildingIds": [] });
    let director = town.company.session("director");
    persevere(|| director.ask(save, json!({ "input": input }))).await.map(drop)
}

/// From now on an answer and the end of work are promised in so many minutes, and every tenth part
/// of that time is told of.
async fn promise(town: &Town, minutes: usize) -> Result<()> {
    let rung =
        |n: usize, measure| json!({ "measure": measure, "percent": n * 10, "target": "DIRECTOR" });
    let rungs = (1..=RUNGS).flat_map(|n| [rung(n, "RESPONSE"), rung(n, "RESOLUTION")]);
    // In the time zone of the estate it may be tomorrow already, never yesterday.
    let from = clock::Clock::system().now().date_naive();
    let input = json!({ "estateId": town.company.estate, "kind": "WORK_ORDER", "effectiveFrom": from,
        "responseMinutes": minutes, "resolutionMinutes": minutes, "clock": "CALENDAR",
        "steps": rungs.collect::<Vec<_>>() });
    let save = "mutation($input: SaveSlaPolicyInput!) { saveSlaPolicy(input: $input) { slaPolicy { id } } }";
    let director = town.company.session("director");
    persevere(|| director.ask(save, json!({ "input": input }))).await.map(drop)
}

/// Work that nobody does; the raw ids of the orders.
async fn reported(town: &Town, name: &str) -> Result<Vec<String>> {
    let create = "mutation($input: CreateWorkOrderInput!) { createWorkOrder(input: $input) { workOrder { id } } }";
    let report = |n: usize| async move {
        let input = json!({ "estateId": town.company.estate, "place": format!("{n}号楼大厅"),
            "category": "DOOR", "description": "门关不上", "idempotencyKey": format!("{name}-{n:04}") });
        let desk = town.company.session("desk");
        let made = persevere(|| desk.ask(create, json!({ "input": input }))).await?;
        let id = text(&made, "/createWorkOrder/workOrder/id")?;
        Ok::<_, anyhow::Error>(id.strip_prefix("wko_").context("an order's id")?.to_owned())
    };
    try_join_all((0..ORDERS).map(report)).await
}

/// What was told of some orders so far.
async fn told(town: &Town, orders: &[String]) -> Result<Told> {
    let list = "query($id: ID!, $after: String) { slaEscalations(estateId: $id, first: 100, after: $after) { pageInfo { hasNextPage endCursor } edges { node { subjectId measure percent dueAt at told { id } } } } }";
    let director = town.company.session("director");
    let of = json!({ "id": town.company.estate });
    let mut counted = Told::new();
    for one in persevere(|| acts::all_nodes(director, list, of.clone(), "/slaEscalations")).await? {
        let order = text(&one, "/subjectId")?;
        // That nobody suits is told as well, once and at once.
        let measure = text(&one, "/measure")?;
        if measure == "ASSIGNMENT" || !orders.iter().any(|known| known == order) {
            continue;
        }
        ensure!(one["told"].as_array().is_some_and(|told| told.len() == 1), "nobody heard: {one}");
        let step =
            (order.to_owned(), measure.to_owned(), one["percent"].as_i64().context("a share")?);
        *counted.entry(step).or_default() += 1;
    }
    Ok(counted)
}

/// Waits until so many steps of each promise of each order were told, and looks that none was twice.
async fn all_told(town: &Town, orders: &[String], rungs: usize) -> Result<()> {
    let wanted = orders.len() * rungs * 2;
    let counted = eventually("everything due is told", PATIENCE * 3, || async {
        let counted = told(town, orders).await?;
        Ok((counted.len() >= wanted).then_some(counted))
    })
    .await?;
    exactly(&counted, orders, rungs)
}

fn exactly(counted: &Told, orders: &[String], rungs: usize) -> Result<()> {
    let twice: Vec<_> = counted.iter().filter(|(_, times)| **times != 1).collect();
    ensure!(twice.is_empty(), "told more than once: {twice:?}");
    ensure!(counted.len() == orders.len() * rungs * 2, "{} steps were told", counted.len());
    for order in orders {
        for measure in ["RESPONSE", "RESOLUTION"] {
            for n in 1..=i64::try_from(rungs)? {
                let step = (order.clone(), measure.to_owned(), n * 10);
                ensure!(counted.contains_key(&step), "{step:?} was missed");
            }
        }
    }
    Ok(())
}

/// The desk dies again and again in the minute in which every promise is broken step by step.
async fn killed(town: &Town, chance: &mut Chance) -> Result<()> {
    promise(town, 1).await?;
    let pauses: Vec<Duration> =
        (0..kills()).map(|_| chance.within(Duration::from_secs(3))).collect();
    let begun = Instant::now();
    let killer = {
        let split = Arc::clone(&town.split);
        let strikes = move || -> Result<()> {
            for pause in pauses {
                thread::sleep(pause);
                strike(&split, DESK)?;
            }
            Ok(())
        };
        tokio::task::spawn_blocking(strikes)
    };
    let orders = reported(town, "killed").await;
    killer.await.context("the killer")??;
    let orders = orders?;
    println!("{} kills in {:.1} s", kills(), begun.elapsed().as_secs_f64());
    all_told(town, &orders, RUNGS).await
}

/// The clock jumps while the desk is down: half an hour ahead, some of it back, and on again. To who
/// reads it, a clock put forward is the same as everything written down having been earlier.
async fn clock_jumps(town: &Town, postgres: &Postgres) -> Result<()> {
    promise(town, 60).await?;
    let orders = reported(town, "jumped").await?;
    jump(town, postgres, 33).await?;
    all_told(town, &orders, 5).await?;
    jump(town, postgres, -20).await?;
    // Something that falls due now shows that the timers were looked at.
    promise(town, 1).await?;
    let others = reported(town, "meanwhile").await?;
    all_told(town, &others, RUNGS).await?;
    exactly(&told(town, &orders).await?, &orders, 5)?;
    jump(town, postgres, 20 + 33).await?;
    all_told(town, &orders, RUNGS).await?;
    exactly(&told(town, &others).await?, &others, RUNGS)
}

/// Puts the desk's clock forward by so many minutes while the desk is down.
async fn jump(town: &Town, postgres: &Postgres, minutes: i64) -> Result<()> {
    let split = Arc::clone(&town.split);
    let sql = format!(
        "UPDATE sla_clocks SET started_at = started_at - jump, round_from = round_from - jump, \
         respond_by = respond_by - jump, resolve_by = resolve_by - jump, next_at = next_at - jump \
         FROM (SELECT make_interval(mins => {minutes}) AS jump) AS jumps; \
         UPDATE jobs SET run_after = run_after - make_interval(mins => {minutes}) WHERE kind = 'sla'"
    );
    split.lock().kill(DESK)?;
    postgres.sql("service_desk", &sql)?;
    let mut split = split.lock();
    split.start_again(DESK)?;
    split.wait_ready(PATIENCE)
}
