//! Redis is not there at the start, comes, and dies again and again: nobody notices.

use super::{
    chance::Chance,
    town::{Debt, Town, without_gap},
};
use crate::installation::PATIENCE;
use anyhow::{Context as _, Result, ensure};
use demo::{
    acts::{self, take_cash, text},
    eventually,
};
use parking_lot::Mutex;
use serde_json::{Value, json};
use servers::{Durability, Postgres, Redis, Servers, Storage};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

#[test]
#[ignore = "starts servers of its own; `cargo xtask test faults`"]
fn redis_killed_under_load_fails_no_request_and_loses_no_event() -> Result<()> {
    servers::install()?;
    let servers = Servers { postgres: Postgres::start(Durability::Fast)?, redis: Redis::down()? };
    let storage = Storage::on(&servers)?;
    let mut chance = Chance::new("Redis killed");
    let redis = Arc::new(Mutex::new(servers.redis));
    testkit::run(async {
        // Everything is imported, priced and billed without Redis.
        let town = Town::found(storage, &[]).await?;
        town.bill().await?;
        let debts = town.debts(50).await?;
        let over = Arc::new(AtomicBool::new(false));
        let pauses: Vec<Duration> =
            (0..16).map(|_| chance.within(Duration::from_millis(1_500))).collect();
        let killer = {
            let (redis, over) = (Arc::clone(&redis), Arc::clone(&over));
            tokio::task::spawn_blocking(move || {
                let done = up_and_down(&redis, &pauses);
                over.store(true, Ordering::Relaxed);
                done
            })
        };
        let (taken, homes) = tokio::join!(counter(&town, &debts, &over), new_homes(&town, &over));
        over.store(true, Ordering::Relaxed);
        killer.await.context("the killer")??;
        let (taken, homes) = (taken?, homes?);
        println!("{taken} payments and {} new homes, no request failed", homes.len());
        let payments = town.payments(&debts).await?;
        ensure!(payments.len() == taken, "{} payments for {taken} requests", payments.len());
        without_gap(payments.values())?;
        audited_once(&town, "payment.taken", taken).await?;
        billable_once(&town, &homes).await?;
        town.books_balance().await.map(drop)
    })?;
    drop(servers.postgres);
    Ok(())
}

fn up_and_down(redis: &Mutex<Redis>, pauses: &[Duration]) -> Result<()> {
    for pair in pauses.chunks(2) {
        thread::sleep(pair[0]);
        redis.lock().resume()?;
        thread::sleep(pair[1]);
        redis.lock().kill()?;
    }
    // It comes back at the end, empty.
    redis.lock().resume()
}

/// Takes cash; how often.
async fn counter(town: &Town, debts: &[Debt], over: &AtomicBool) -> Result<usize> {
    let mut taken = 0;
    while !over.load(Ordering::Relaxed) {
        let debt = &debts[taken % debts.len()];
        let key = format!("counter-{taken}");
        take_cash(town.company.session("cashier"), &debt.account, "1.50", &key).await?;
        taken += 1;
    }
    Ok(taken)
}

/// Registers homes with their owners; their labels.
async fn new_homes(town: &Town, over: &AtomicBool) -> Result<Vec<String>> {
    let admin = town.company.session("admin");
    let ask = |document: &'static str, input: Value| admin.ask(document, json!({ "input": input }));
    let building = ask(
        "mutation($input: AddBuildingInput!) { addBuilding(input: $input) { building { id } } }",
        json!({ "estateId": town.company.estate, "code": "99" }),
    );
    let building = building.await?;
    let building = text(&building, "/addBuilding/building/id")?;
    let mut labels = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let number = format!("{:04}", labels.len() + 1);
        let unit = ask(
            "mutation($input: AddUnitInput!) { addUnit(input: $input) { unit { id label } } }",
            json!({ "estateId": town.company.estate, "buildingId": building, "entrance": "1",
                "number": number, "grossArea": "100.00", "usedAs": "RESIDENTIAL" }),
        );
        let unit = unit.await?;
        let person = ask(
            "mutation($input: AddPersonInput!) { addPerson(input: $input) { person { id } } }",
            json!({ "estateId": town.company.estate, "name": format!("业主{number}") }),
        );
        let person = person.await?;
        let tie = ask(
            "mutation($input: StartOccupancyInput!) { startOccupancy(input: $input) { occupancy { id } } }",
            json!({ "unitId": text(&unit, "/addUnit/unit/id")?, "from": town.first, "pays": true,
                "personId": text(&person, "/addPerson/person/id")?, "kind": "OWNER" }),
        );
        tie.await?;
        labels.push(text(&unit, "/addUnit/unit/label")?.to_owned());
    }
    Ok(labels)
}

/// The audit log of all services has each act exactly once.
async fn audited_once(town: &Town, action: &str, count: usize) -> Result<()> {
    let document = "query($action: String, $after: String) { auditLog(first: 100, after: $after, filter: { action: $action }) { pageInfo { hasNextPage endCursor } edges { node { object } } } }";
    let admin = town.company.session("admin");
    eventually("every act is in the audit log", PATIENCE, || async {
        let of = json!({ "action": action });
        let mut objects = BTreeMap::<String, usize>::new();
        for row in acts::all_nodes(admin, document, of, "/auditLog").await? {
            *objects.entry(text(&row, "/object")?.to_owned()).or_default() += 1;
        }
        ensure!(objects.values().all(|times| *times == 1), "an act is audited twice");
        Ok((objects.len() == count).then_some(()))
    })
    .await
}

/// Billing knows every new home once: the month brings one bill more for each.
async fn billable_once(town: &Town, homes: &[String]) -> Result<()> {
    let month = town.month(0);
    let wanted = i64::try_from(homes.len())?;
    acts::until_billable(&town.company, &month, wanted).await?;
    let seen = acts::preview(&town.company, &month, "bills lines total { amount }").await?;
    ensure!(seen["bills"] == wanted && seen["lines"] == wanted, "{seen} for {wanted} homes");
    // 100 m² at 2.35 yuan.
    ensure!(text(&seen, "/total/amount")? == format!("{}.00", wanted * 235), "{seen}");
    Ok(())
}
