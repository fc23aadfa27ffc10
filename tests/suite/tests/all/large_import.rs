//! 50,000 units and 120,000 people: how long, and in how much memory.

use ids::EstateId;
use serde_json::{Value, json};
use std::{fs, io::Cursor, sync::Arc, time::Instant};
use testkit::{Signed, World, eventually, run};

/// The most resident memory that the process, both services in it, may ever have held, MB.
const BOUND: u64 = 300;

/// The peak of resident memory so far, MB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

async fn fees(who: &Signed, import: &str) -> Value {
    let text = "query($id: ID!) { _entities(representations: [{ __typename: \"Import\", id: $id }]) \
                { ... on Import { fees { state proposed total done } } } }";
    let mut seen = who.send("billing", text, json!({ "id": import })).await.ok();
    seen["_entities"][0]["fees"].take()
}

#[test]
#[ignore = "takes minutes: cargo test -p suite --test all large_import -- --ignored --nocapture"]
fn a_large_estate_is_imported_in_bounded_memory() {
    run(async {
        let (units, people) = (number("LARGE_UNITS", 50_000), number("LARGE_PEOPLE", 120_000));
        let mut file = Cursor::new(Vec::new());
        residents::seed::large_roster(units, people, &mut file).unwrap();
        let file = file.into_inner();
        let services = vec![residents::service(), billing::service()];
        let world = Arc::new(World::start(services, &[]).await);
        let company = world.company();
        let estate: EstateId = company.estate("BIG", "大小区").await;
        let (director, finance) =
            (company.staff("DIR", estate).await, company.staff("CFIN", None).await);
        let importer = residents::importer(world.context("residents")).unwrap();
        // From here on counts: the peak so far belongs to making the file.
        fs::write("/proc/self/clear_refs", "5").unwrap();
        println!("{:?}: file of {} KB, at {} MB", world.backend, file.len() / 1024, peak());
        let begun = Instant::now();
        let cut_over = "2026-07-01".parse().unwrap();
        let by = director.user.to_string();
        let done = importer
            .import_bytes(company.tenant, estate, ("large.xlsx", &file), cut_over, &by)
            .await
            .unwrap();
        assert_eq!((done.counts, done.done), ([0, 0, 0], done.total));
        println!("residents: {} rows in {:?}, peak {} MB", done.done, begun.elapsed(), peak());
        let id = done.id.to_string();
        let mut seen = Vec::new();
        loop {
            let now = fees(&director, &id).await;
            if now["state"] == "PROPOSED" {
                break;
            }
            assert!(now.is_null() || now["state"] == "RUNNING", "{now}");
            seen.push(now["done"].as_i64().unwrap_or(0));
            let before = now;
            eventually("it gets on", || async { fees(&director, &id).await != before }).await;
        }
        seen.dedup();
        println!("billing: {units} links after {:?}, peak {} MB", begun.elapsed(), peak());
        assert!(seen.len() > 2, "progress can be seen: {seen:?}");
        let text = "mutation($id: ID!) { approveImportedFees(input: { importId: $id }) \
                    { importedFees { proposed } } }";
        let approved = finance.send("billing", text, json!({ "id": id })).await.ok();
        let proposed = &approved["approveImportedFees"]["importedFees"]["proposed"];
        assert_eq!(*proposed, json!(units));
        println!("approved after {:?}, peak {} MB", begun.elapsed(), peak());
        assert!(peak() < BOUND, "{} MB", peak());
    });
}
