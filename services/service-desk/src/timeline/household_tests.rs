//! Everything that concerned a home in one list, through the graph.

use crate::{
    community_events::tests::{announced, sign_up},
    complaints::tests::{done, new, resolved},
    contacts::tests::logged,
    messages::{MessageKind, Words, Written, post_all},
    notices::tests::{content, is_out, step, write},
    special_services::tests::{request, save, service_of, tap},
    testing::{Stage, own_world},
    visits::tests::{officer, visit},
    work_orders::tests::{act, order_of, report},
};
use contracts::{PersonId, UnitId};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::{Answer, Signed, run};

const SERVICE: &str = "service-desk";

async fn page(who: &Signed, unit: UnitId, first: i32, after: &Value) -> Answer {
    let text = "query($unit: ID!, $first: Int, $after: String) {
        householdTimeline(unitId: $unit, first: $first, after: $after) {
            pageInfo { hasNextPage endCursor } nodes { at kind id title state } } }";
    let ask = json!({ "unit": unit.to_string(), "first": first, "after": after });
    who.send(SERVICE, text, ask).await
}

async fn whole(who: &Signed, unit: UnitId) -> Vec<Value> {
    let found = page(who, unit, 100, &Value::Null).await.ok();
    found["householdTimeline"]["nodes"].as_array().unwrap().clone()
}

async fn by_pages(who: &Signed, unit: UnitId, first: i32) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let found = page(who, unit, first, &after).await.ok();
        let found = &found["householdTimeline"];
        all.extend(found["nodes"].as_array().unwrap().iter().cloned());
        if found["pageInfo"]["hasNextPage"] == false {
            return all;
        }
        after = found["pageInfo"]["endCursor"].clone();
    }
}

fn kinds(entries: &[Value]) -> BTreeSet<&str> {
    entries.iter().map(|entry| entry["kind"].as_str().unwrap()).collect()
}

/// Posts a letter as another feature does.
pub(super) async fn letter(stage: &Stage, (unit, person): (UnitId, PersonId), kind: MessageKind) {
    let db = stage.company.world.db(SERVICE);
    let scope = db.write(stage.company.tenant).await.unwrap();
    let words = || Words { zh: format!("{kind:?}"), en: format!("{kind:?} in English") };
    let letter = Written {
        estate: stage.estate,
        person,
        unit: Some(unit),
        kind,
        title: words(),
        body: words(),
        reference: "test/1".to_owned(),
    };
    post_all(&scope, vec![letter]).await.unwrap();
    scope.commit().await.unwrap();
}

/// A notice that reaches an audience.
async fn notice(stage: &Stage, audience: Value) {
    let written = write(stage, &stage.supervisor, content(audience)).await.ok();
    let id = written["writeNotice"]["notice"]["id"].as_str().unwrap().to_owned();
    step(&stage.supervisor, "proposeNotice", &id, 1).await.ok();
    step(&stage.director, "approveNotice", &id, 2).await.ok();
    is_out(stage, &id).await;
}

/// A home of which there is one thing of every kind, and its resident.
async fn lived_in(stage: &Stage) -> (UnitId, Signed) {
    let world = &stage.company.world;
    let (unit, person) = stage.home("6-2-0801", "王芳").await;
    let resident = stage.resident(person).await;
    let of = json!({ "unitId": unit.to_string(), "personId": person.to_string() });
    logged(stage, &stage.desk, of).await;
    let missed = json!({ "estateId": stage.estate.to_string(), "phone": "13912340000",
        "unitId": unit.to_string(), "personId": person.to_string(),
        "idempotencyKey": "missed-0001" });
    let text = "mutation($input: LogMissedCallInput!) { logMissedCall(input: $input) {
        callBack { id } } }";
    stage.desk.send(SERVICE, text, json!({ "input": missed })).await.ok();
    order_of(
        act(&resident, "createWorkOrder", report(stage, Some(unit), "DOOR", "door-001")).await,
    );
    world.clock.advance(chrono::Duration::minutes(5));
    let said = json!({ "complainantName": null, "complainantId": person.to_string(),
        "unitId": unit.to_string() });
    resolved(stage, said).await;
    let officer = officer(stage).await;
    visit(&officer, unit, "2026-07-31", None).await.ok();
    let service = service_of(save(&stage.supervisor, tap(stage, json!({}))).await);
    request(&resident, (&service, unit), None).await.ok();
    let audience = json!({ "unitIds": [unit.to_string()] });
    notice(stage, audience).await;
    letter(stage, (unit, person), MessageKind::Bill).await;
    letter(stage, (unit, person), MessageKind::Survey).await;
    let event = announced(world, stage, json!({})).await;
    sign_up(&resident, &event, unit, 0).await.ok();
    (unit, resident)
}

#[test]
fn everything_that_concerned_a_home_is_there_newest_first_and_page_by_page() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let (unit, resident) = lived_in(&stage).await;
        let all = whole(&stage.supervisor, unit).await;
        let every = BTreeSet::from([
            "CALL_BACK",
            "COMPLAINT",
            "CONTACT",
            "EVENT_SIGN_UP",
            "MESSAGE",
            "NOTICE",
            "REVISIT",
            "SPECIAL_ORDER",
            "VISIT",
            "WORK_ORDER",
        ]);
        assert_eq!(kinds(&all), every);
        let times: Vec<&str> = all.iter().map(|entry| entry["at"].as_str().unwrap()).collect();
        assert!(times.is_sorted_by(|newer, older| newer >= older), "{times:?}");
        let ids: BTreeSet<&str> = all.iter().map(|entry| entry["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), all.len(), "each once");
        for first in [1, 3, 7] {
            assert_eq!(by_pages(&stage.supervisor, unit, first).await, all, "{first} at a time");
        }
        let title = |kind: &str| {
            let found = all.iter().find(|entry| entry["kind"] == kind);
            found.unwrap()["title"].as_str().unwrap().to_owned()
        };
        assert_eq!(title("COMPLAINT"), "Complaint 2026-07-0001");
        assert_eq!(title("REVISIT"), "Asked about 2026-07-0001");
        assert_eq!(title("VISIT"), "Visit to 户主");
        assert_eq!(title("NOTICE"), "Water off");
        assert_eq!(title("EVENT_SIGN_UP"), "Mid-autumn fair");
        assert!(title("WORK_ORDER").ends_with("厨房龙头漏水"), "{}", title("WORK_ORDER"));
        // Which homes a survey asks is not for the estate; the resident has the letter.
        let letters = |of: &[Value]| -> Vec<String> {
            let letters = of.iter().filter(|entry| entry["kind"] == "MESSAGE");
            letters.map(|entry| entry["title"].as_str().unwrap().to_owned()).collect()
        };
        assert!(!letters(&all).contains(&"Survey in English".to_owned()));
        let own = whole(&resident, unit).await;
        assert!(letters(&own).contains(&"Survey in English".to_owned()));
        let but_visits: BTreeSet<&str> =
            every.into_iter().filter(|kind| *kind != "VISIT").collect();
        assert_eq!(kinds(&own), but_visits);
    });
}

#[test]
fn of_a_home_each_sees_what_they_may_see_of_its_things() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let (unit, resident) = lived_in(&stage).await;
        // Somebody else of the household finds what is of all, not the other's letters.
        let (other, neighbour) = (stage.person(), stage.home("6-2-0901", "李四").await.1);
        let more = json!({ "complainantName": null, "anonymous": true, "channel": "APP",
            "unitId": unit.to_string() });
        let secret = done(&resident, "receiveComplaint", new(&stage, more)).await;
        let has = |entries: &[Value]| entries.iter().any(|entry| entry["id"] == secret["id"]);
        assert!(has(&whole(&resident, unit).await));
        for who in [&stage.supervisor, &stage.desk, &stage.director] {
            assert!(!has(&whole(who, unit).await), "an anonymous complaint names no home");
        }
        // Who takes calls sees calls, and no complaints.
        let clerk = stage.company.staff("CLERK", stage.estate).await;
        let seen = whole(&clerk, unit).await;
        assert!(kinds(&seen).contains("CONTACT") && !kinds(&seen).contains("COMPLAINT"));
        let kind = contracts::residents::MemberKind::Family;
        stage.belongs(unit, &[(other, "王明", kind)]).await;
        let other = stage.resident(other).await;
        let theirs = whole(&other, unit).await;
        assert!(kinds(&theirs).contains("WORK_ORDER"));
        for kind in ["MESSAGE", "NOTICE", "COMPLAINT", "CONTACT", "SPECIAL_ORDER"] {
            assert!(!kinds(&theirs).contains(kind), "{kind}");
        }
        let strangers = Stage::new().await;
        let zone = vec![stage.id()];
        let elsewhere = stage.company.staff_in_zone("PO", stage.estate, zone).await;
        for who in [&strangers.supervisor, &elsewhere, &stage.resident(neighbour).await] {
            assert_eq!(page(who, unit, 100, &Value::Null).await.code(), "NOT_FOUND");
        }
    });
}
