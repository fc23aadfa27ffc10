//! PostgreSQL goes away in the middle of work and comes back.

use super::{
    chance::Chance,
    town::{Debt, Town, fen, without_gap},
};
use anyhow::{Context as _, Result, ensure};
use demo::acts::text;
use futures::future::try_join_all;
use parking_lot::Mutex;
use serde_json::json;
use servers::{Durability, Servers, Shutdown, Storage};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

const CLIENTS: usize = 8;

/// Writes resume within this time of the server's return.
const RESUMED: Duration = Duration::from_secs(5);

const TAKE: &str = "mutation($input: TakePaymentInput!) { takePayment(input: $input) { payment { id amount { amount } receipts { number } } } }";

/// What the people at the counters saw.
#[derive(Default)]
struct Seen {
    /// When each payment was acknowledged.
    at: Mutex<Vec<Instant>>,
    acknowledged: Mutex<BTreeMap<String, i64>>,
    refusals: AtomicUsize,
    over: AtomicBool,
}

#[test]
#[ignore = "starts servers of its own; `cargo xtask test faults`"]
fn postgresql_restarted_under_load_loses_no_acknowledged_write() -> Result<()> {
    let servers = Arc::new(Servers::start(Durability::Durable)?);
    let storage = Storage::on(&servers)?;
    let mut chance = Chance::new("PostgreSQL restarted");
    testkit::run(async {
        let town = Town::found(storage, &[]).await?;
        town.bill().await?;
        let debts = town.debts(50).await?;
        let seen = Arc::new(Seen::default());
        let pauses: Vec<Duration> = (0..6).map(|_| chance.within(Duration::from_secs(1))).collect();
        let restarts = {
            let (servers, seen) = (Arc::clone(&servers), Arc::clone(&seen));
            tokio::task::spawn_blocking(move || {
                let done = restart(&servers, &seen, &pauses);
                seen.over.store(true, Ordering::Relaxed);
                done
            })
        };
        let people = (0..CLIENTS).map(|client| stand_at_the_counter(&town, &debts, client, &seen));
        let stood = try_join_all(people).await;
        seen.over.store(true, Ordering::Relaxed);
        restarts.await.context("the restarts")??;
        stood?;
        let acknowledged = seen.acknowledged.lock().clone();
        let refusals = seen.refusals.load(Ordering::Relaxed);
        println!("{} payments, {refusals} clear refusals meanwhile", acknowledged.len());
        ensure!(refusals > 0, "nobody noticed the restarts: the load was no load");
        let payments = town.payments(&debts).await?;
        let there: BTreeMap<String, i64> = payments
            .iter()
            .map(|(id, payment)| Ok((id.clone(), fen(&payment["amount"])?)))
            .collect::<Result<_>>()?;
        ensure!(there == acknowledged, "acknowledged and kept payments differ");
        without_gap(payments.values())?;
        town.books_balance().await.map(drop)
    })
}

/// Each way to stop, three times; after each return somebody's payment goes through in time.
fn restart(servers: &Servers, seen: &Seen, pauses: &[Duration]) -> Result<()> {
    for (turn, pause) in pauses.iter().enumerate() {
        thread::sleep(Duration::from_millis(500) + *pause);
        let how = if turn % 2 == 0 { Shutdown::Immediate } else { Shutdown::Fast };
        servers.postgres.stop(how)?;
        thread::sleep(*pause);
        servers.postgres.resume()?;
        let back = Instant::now();
        let resumed = loop {
            let first = seen.at.lock().iter().find(|at| **at > back).copied();
            if let Some(first) = first {
                break first - back;
            }
            ensure!(!seen.over.load(Ordering::Relaxed), "the people at the counters gave up");
            ensure!(back.elapsed() < RESUMED, "no write within {RESUMED:?} of the return");
            thread::sleep(Duration::from_millis(5));
        };
        println!("{how:?}: the first write {:.2} s after the return", resumed.as_secs_f64());
    }
    Ok(())
}

/// Takes cash until it is over; whoever is refused tries again with the same key.
async fn stand_at_the_counter(
    town: &Town,
    debts: &[Debt],
    client: usize,
    seen: &Seen,
) -> Result<()> {
    let cashier = town.company.session("cashier");
    let mut turn = 0;
    while !seen.over.load(Ordering::Relaxed) {
        let debt = &debts[(client + turn * CLIENTS) % debts.len()];
        let input = json!({ "input": {
            "accountId": debt.account, "amount": "1.50", "till": "CASH",
            "idempotencyKey": format!("counter-{client}-{turn}"),
        } });
        loop {
            let answer = cashier.send(TAKE, &input).await?;
            if answer.code().is_empty() {
                let data = answer.data()?;
                let id = text(&data, "/takePayment/payment/id")?.to_owned();
                let amount = fen(&data["takePayment"]["payment"]["amount"])?;
                let known = seen.acknowledged.lock().insert(id.clone(), amount);
                ensure!(known.is_none(), "{id} is acknowledged for two keys");
                seen.at.lock().push(Instant::now());
                break;
            }
            ensure!(answer.code() == "UNAVAILABLE", "no clear error: {answer:?}");
            seen.refusals.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        turn += 1;
    }
    Ok(())
}
