//! `kill -9` of billing at random moments of a bill run and of 2,000 payments.
//!
//! On SQLite too billing runs as a process of its own, on its own file: the one process of the
//! embedded mode would take the gateway, through which people try again, with it, and proves no
//! more about what billing had committed.

use super::{
    chance::{Chance, kills},
    payers::{Progress, pay_all, persevere, same_at_the_provider, settle},
    town::{Town, fen, strike, without_gap},
};
use anyhow::{Context as _, Result, ensure};
use demo::acts::{self, nodes};
use serde_json::json;
use servers::{Durability, Servers, Storage};
use std::{
    collections::BTreeSet,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

const PAYMENTS: usize = 2_000;
const CLIENTS: usize = 12;

/// How often bill runs are killed; a run can be started for the coming twelve months only.
const RUN_KILLS: usize = 20;

/// Where money at the provider stands in the books, and what the provider kept of it.
const STRIPE_CLEARING: &str = "1012";
const PROVIDER_FEES: &str = "6603";

#[test]
#[ignore = "starts servers of its own; `cargo xtask test faults`"]
fn billing_killed_on_postgresql_loses_and_doubles_nothing() -> Result<()> {
    let servers = Servers::start(Durability::Durable)?;
    let storage = Storage::on(&servers)?;
    testkit::run(killed(storage, Chance::new("billing killed on PostgreSQL")))?;
    drop(servers);
    Ok(())
}

#[test]
#[ignore = "starts servers of its own; `cargo xtask test faults`"]
fn billing_killed_on_sqlite_loses_and_doubles_nothing() -> Result<()> {
    testkit::run(killed(Storage::Files, Chance::new("billing killed on SQLite")))
}

async fn killed(storage: Storage, mut chance: Chance) -> Result<()> {
    let town = Town::found(storage, &[]).await?;
    during_bill_runs(&town, &mut chance).await?;
    during_payments(&town, &mut chance).await
}

/// Month after month is billed until billing was killed often enough.
async fn during_bill_runs(town: &Town, chance: &mut Chance) -> Result<()> {
    let begun = Instant::now();
    let (mut left, mut months) = (RUN_KILLS, 0);
    while left > 0 {
        let (month, key) = (town.month(months), format!("killed-run-{months}"));
        let id = persevere(|| acts::start_run(&town.company, &month, &key)).await?;
        months += 1;
        while left > 0 {
            tokio::time::sleep(chance.within(Duration::from_millis(400))).await;
            strike(&town.split, "billing")?;
            left -= 1;
            let run = persevere(|| acts::bill_run(&town.company, &id)).await?;
            if run["state"] == "DONE" {
                break;
            }
        }
        town.run_ends(&id).await?;
    }
    let took = begun.elapsed().as_secs_f64();
    println!("{RUN_KILLS} kills in {months} bill runs, {took:.1} s");
    every_account_once(town, months).await?;
    town.books_balance().await.map(drop)
}

/// Every home has one bill a month, and a run again brings nothing.
async fn every_account_once(town: &Town, months: u32) -> Result<()> {
    let months: BTreeSet<String> = (0..months).map(|n| town.month(n)).collect();
    let document = "query($id: ID!, $after: String) { units(estateId: $id, first: 20, after: $after) { pageInfo { hasNextPage endCursor } edges { node { label bills(first: 20) { edges { node { firstMonth } } } } } } }";
    let (desk, of) = (town.company.session("desk"), json!({ "id": town.company.estate }));
    let units = acts::all_nodes(desk, document, of, "/units").await?;
    ensure!(units.len() == 768, "{} homes", units.len());
    for unit in &units {
        let mine: Vec<&str> =
            nodes(&unit["bills"]).filter_map(|bill| bill["firstMonth"].as_str()).collect();
        let distinct: BTreeSet<String> = mine.iter().map(|month| (*month).to_owned()).collect();
        ensure!(distinct == months && mine.len() == months.len(), "{unit}");
    }
    let again = acts::preview(&town.company, &town.month(0), "bills").await?;
    ensure!(again["bills"] == 0, "{again}");
    Ok(())
}

/// People pay while billing dies under them and announcements arrive shuffled and repeated.
async fn during_payments(town: &Town, chance: &mut Chance) -> Result<()> {
    let travel = json!({ "faults": {
        "seed": chance.seed(), "copies": 2, "window": { "secs": 1, "nanos": 0 }, "lost_once_percent": 10,
    } });
    town.stripe("webhook_faults", &travel).await?;
    let debts = town.debts(100).await?;
    let progress = Arc::new(Progress::default());
    let moments = chance.moments(kills(), PAYMENTS - CLIENTS);
    let pauses: Vec<Duration> =
        moments.iter().map(|_| chance.within(Duration::from_millis(200))).collect();
    let begun = Instant::now();
    let killer = {
        let (split, progress) = (Arc::clone(&town.split), Arc::clone(&progress));
        let strikes = move || -> Result<()> {
            for (moment, pause) in moments.into_iter().zip(pauses) {
                while progress.made() < moment {
                    ensure!(!progress.is_over(), "the payers gave up");
                    thread::sleep(Duration::from_millis(5));
                }
                thread::sleep(pause);
                strike(&split, "billing")?;
            }
            Ok(())
        };
        tokio::task::spawn_blocking(strikes)
    };
    let paid = pay_all(town, &debts, PAYMENTS, CLIENTS, &progress).await;
    progress.over();
    let killed = killer.await.context("the killer")?;
    let acknowledged = paid?;
    killed?;
    let took = begun.elapsed().as_secs_f64();
    let rate = f64::from(u32::try_from(acknowledged.len())?) / took;
    println!("{} kills during {} payments: {rate:.1} payments/s", kills(), acknowledged.len());
    town.stripe("retry_now", &json!({})).await?;
    let settled = settle(town, &debts, &acknowledged).await?;
    println!("all decided {:.1} s after the last one was paid", settled.as_secs_f64());
    same_at_the_provider(town, &acknowledged).await?;
    let payments = town.payments(&debts).await?;
    for (id, payment) in &payments {
        ensure!(fen(&payment["amount"])? == acknowledged[id], "{payment}");
    }
    without_gap(payments.values())?;
    let trial = town.books_balance().await?;
    let sum: i64 = acknowledged.values().sum();
    let on = |code: &str| {
        let mut rows = trial["rows"].as_array().into_iter().flatten();
        rows.find(|row| row["code"] == code).map_or(Ok(0), |row| fen(&row["debit"]))
    };
    let taken = on(STRIPE_CLEARING)? + on(PROVIDER_FEES)?;
    ensure!(taken == sum, "{taken} of {sum} fen: {trial}");
    Ok(())
}
