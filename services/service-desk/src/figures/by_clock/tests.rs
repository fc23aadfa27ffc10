//! Months that freeze by themselves, on a clock that moves.

use super::*;
use crate::{
    contacts::tests::logged,
    testing::{Stage, own_world},
};
use contracts::audit::AuditRecorded;
use futures::future::join_all;
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{World, eventually, run};

/// Every frozen version, newest month first: month, version and who froze it.
async fn versions(stage: &Stage) -> Vec<(String, i64, Value)> {
    let text = "query($estate: ID!) { deskFigureVersions(estateId: $estate, first: 100) {
        nodes { month version frozenBy { name } } } }";
    let ask = json!({ "estate": stage.estate.to_string() });
    let seen = stage.supervisor.send("service-desk", text, ask).await.ok();
    let nodes = seen["deskFigureVersions"]["nodes"].as_array().unwrap().iter();
    let row = |node: &Value| {
        let month = node["month"].as_str().unwrap().to_owned();
        (month, node["version"].as_i64().unwrap(), node["frozenBy"]["name"].clone())
    };
    nodes.map(row).collect()
}

fn by_itself(month: &str) -> (String, i64, Value) {
    (month.to_owned(), 1, Value::Null)
}

async fn freeze_by_hand(stage: &Stage, month: &str) {
    let text = "mutation($input: FreezeDeskFiguresInput!) { freezeDeskFigures(input: $input) { version } }";
    let input = json!({ "estateId": stage.estate.to_string(), "month": month, "expectedVersion": 0,
        "idempotencyKey": stage.id().to_string() });
    stage.supervisor.send("service-desk", text, json!({ "input": input })).await.ok();
}

/// Several workers take the turn at once, beside the one that runs anyway; whether one had any.
async fn turns_taken(stage: &Stage) -> bool {
    let db = stage.company.world.db("service-desk");
    let turns = (0..4).map(|_| turn(db, stage.company.tenant, stage.estate));
    // Who is second may be refused by the database, and then takes its turn again.
    join_all(turns).await.into_iter().any(|taken| taken.unwrap_or(true))
}

/// What the log of acts says of frozen months: the month and who froze it.
async fn audited(stage: &Stage) -> Vec<(String, String)> {
    let db = stage.company.world.db("service-desk");
    db.worker().place_events().await.unwrap();
    let all = db.events_after(0, 10_000).await.unwrap();
    let mine = all.iter().filter(|event| event.tenant == stage.company.tenant.as_uuid());
    let acts = mine.filter(|event| event.kind == AuditRecorded::KIND);
    let acts = acts.map(|event| events::read::<AuditRecorded>(event).unwrap());
    let acts = acts.filter(|act| act.action == "desk_figures.frozen");
    acts.map(|act| (act.object, act.actor_kind)).collect()
}

async fn stage_at(now: &str) -> (Arc<World>, Stage) {
    let world = own_world(now).await;
    let stage = Stage::in_world(&world).await;
    (world, stage)
}

#[test]
fn a_month_is_frozen_on_the_fifth_where_the_estate_is() {
    run(async {
        let (world, stage) = stage_at("2026-07-20T04:00:00Z").await;
        let (unit, person) = stage.home("6-1-0101", "王建国").await;
        let more = json!({ "unitId": unit.to_string(), "personId": person.to_string() });
        logged(&stage, &stage.desk, more).await;
        // A second before midnight in Shanghai.
        world.clock.set("2026-08-04T15:59:59Z".parse().unwrap());
        assert!(!turns_taken(&stage).await);
        assert_eq!(versions(&stage).await, []);
        world.clock.set("2026-08-04T16:00:00Z".parse().unwrap());
        eventually("July is frozen", || async { !versions(&stage).await.is_empty() }).await;
        assert_eq!(versions(&stage).await, [by_itself("2026-07")]);
        assert_eq!(audited(&stage).await, [("2026-07".to_owned(), "system".to_owned())]);
        let text = "query($estate: ID!) { deskFigures(estateId: $estate, month: \"2026-07\", by: CLASS, version: 1) {
            rows { kind opened } } }";
        let ask = json!({ "estate": stage.estate.to_string() });
        let kept = stage.supervisor.send("service-desk", text, ask).await.ok();
        let contact = json!({ "kind": "CONTACT", "opened": 1 });
        assert!(kept["deskFigures"]["rows"].as_array().unwrap().contains(&contact), "{kept}");
    });
}

#[test]
fn months_that_were_missed_are_frozen_later_and_none_twice() {
    run(async {
        let (world, stage) = stage_at("2026-07-20T04:00:00Z").await;
        // As after a standstill of months: nobody looked between.
        world.clock.set("2026-11-20T04:00:00Z".parse().unwrap());
        let missed = ["2026-10", "2026-09", "2026-08", "2026-07"].map(by_itself);
        while turns_taken(&stage).await {}
        assert_eq!(versions(&stage).await, missed);
        // What somebody froze by hand before its day stays theirs.
        world.clock.set("2026-12-02T04:00:00Z".parse().unwrap());
        freeze_by_hand(&stage, "2026-11").await;
        world.clock.set("2026-12-05T04:00:00Z".parse().unwrap());
        while turns_taken(&stage).await {}
        let by_hand = ("2026-11".to_owned(), 1, json!("林主管"));
        let all: Vec<_> = [by_hand].into_iter().chain(missed).collect();
        assert_eq!(versions(&stage).await, all);
        // The clock is put back and comes again.
        for now in ["2026-10-01T04:00:00Z", "2026-12-06T04:00:00Z"] {
            world.clock.set(now.parse().unwrap());
            assert!(!turns_taken(&stage).await, "{now}");
            assert_eq!(versions(&stage).await, all, "{now}");
        }
        world.clock.set("2027-01-04T16:00:00Z".parse().unwrap());
        eventually("December is frozen", || async {
            versions(&stage).await.first() == Some(&by_itself("2026-12"))
        })
        .await;
        assert_eq!(versions(&stage).await.len(), all.len() + 1);
    });
}

#[test]
fn an_estate_that_moves_to_another_zone_is_frozen_by_its_new_calendar() {
    run(async {
        let (world, stage) = stage_at("2026-07-20T04:00:00Z").await;
        let moved = EstateChanged {
            estate: stage.estate,
            code: "FCH".to_owned(),
            name: "翡翠湖畔花园".to_owned(),
            time_zone: "America/New_York".to_owned(),
            currency: "CNY".to_owned(),
        };
        let bus = &world.context("service-desk").bus;
        let position = world.identity.publish("identity", bus, stage.company.tenant, &moved);
        eventually("the move is known", || async {
            world.db("service-desk").worker().inbox_position("identity").await.unwrap() >= position
        })
        .await;
        world.clock.set("2026-08-05T03:59:59Z".parse().unwrap());
        assert!(!turns_taken(&stage).await);
        world.clock.set("2026-08-05T04:00:00Z".parse().unwrap());
        eventually("July is frozen", || async { !versions(&stage).await.is_empty() }).await;
        assert_eq!(versions(&stage).await, [by_itself("2026-07")]);
    });
}
