//! What residents are told of events, what the desk does for those without the app, and what changes
//! after somebody agreed, through the graph.

use super::tests::{
    PLACE, announced, give_back, neighbours, only, plan, planned, reread, send, sign_up, spend,
    step,
};
use crate::{
    special_services::tests::key,
    testing::{Stage, own_world},
};
use contracts::{PersonId, UnitId};
use serde_json::{Value, json};
use testkit::{Answer, Signed, eventually, run};

/// The titles in somebody's inbox.
async fn titles(who: &Signed) -> Vec<String> {
    let inbox = who.send("service-desk", "{ inbox { nodes { title } } }", json!({})).await.ok();
    let nodes = inbox["inbox"]["nodes"].as_array().unwrap().clone();
    nodes.iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect()
}

async fn has(who: &Signed, title: &str) -> bool {
    titles(who).await.iter().any(|one| one == title)
}

async fn sign_up_for(
    who: &Signed,
    event: &Value,
    (unit, person): (UnitId, PersonId),
    companions: u32,
) -> Answer {
    let input = json!({ "eventId": event["id"], "unitId": unit.to_string(), "photoConsent": false,
        "personId": person.to_string(), "companions": companions, "idempotencyKey": key() });
    send(who, "signUpForEvent", input, &format!("eventSignUp {{ {PLACE} }}")).await
}

async fn guest(who: &Signed, place: &Value, present: Option<u32>) -> Answer {
    let input = json!({ "signUpId": place["id"], "expectedVersion": place["version"],
        "present": present });
    send(who, "checkInEventGuest", input, &format!("eventSignUp {{ {PLACE} }}")).await
}

async fn undo(who: &Signed, place: &Value, reason: &str) -> Answer {
    let input = json!({ "signUpId": place["id"], "expectedVersion": place["version"],
        "reason": reason });
    send(who, "undoEventCheckIn", input, &format!("eventSignUp {{ {PLACE} }}")).await
}

#[test]
fn residents_hear_of_an_event_of_a_free_place_and_that_it_does_not_take_place() {
    run(async {
        let world = own_world("2026-09-10T01:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let people = neighbours(&stage, 3, 1).await;
        let event = announced(&world, &stage, json!({ "capacity": 1 })).await;
        for (who, _) in &people {
            eventually("everybody is invited", || async {
                titles(who).await == ["You are invited"]
            })
            .await;
        }
        let first = only(sign_up(&people[0].0, &event, people[0].1, 0).await);
        only(sign_up(&people[1].0, &event, people[1].1, 0).await);
        only(give_back(&people[0].0, &first).await);
        assert!(has(&people[1].0, "You have a place at the event").await);
        // Who has a place is reminded the day before.
        world.clock.set("2026-09-24T11:00:01Z".parse().unwrap());
        eventually("who comes is reminded", || async { has(&people[1].0, "Tomorrow").await }).await;
        assert_eq!(titles(&people[0].0).await.len(), 1, "who gave it back is not");
        let now = reread(&stage.desk, &event).await;
        let why = json!({ "reason": "暴雨预警" });
        for (who, code) in [(&stage.director, "FORBIDDEN"), (&people[1].0, "NOT_FOUND")] {
            assert_eq!(step(who, "cancel", &now, why.clone()).await.code(), code);
        }
        let empty = step(&stage.supervisor, "cancel", &now, json!({ "reason": " " })).await;
        assert_eq!((empty.code(), empty.field()), ("INVALID", "reason"));
        let gone = only(step(&stage.supervisor, "cancel", &now, why.clone()).await);
        assert_eq!(gone["state"], "CANCELLED");
        assert_eq!(step(&stage.supervisor, "cancel", &gone, why).await.code(), "CONFLICT");
        assert_eq!(titles(&people[1].0).await.len(), 4);
        assert!(has(&people[1].0, "The event does not take place").await);
        assert_eq!(titles(&people[2].0).await, ["You are invited"], "who did not sign up");
        // The down payment is still a cost.
        world.clock.set("2026-09-25T13:00:00Z".parse().unwrap());
        only(spend(&stage.supervisor, &gone, "FOOD", "100.00").await);
    });
}

#[test]
fn the_desk_signs_up_and_checks_in_who_has_no_phone() {
    run(async {
        let world = own_world("2026-09-10T01:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let (unit, person) = stage.home("6-2-0801", "张伟").await;
        let (_, stranger) = stage.home("6-2-0802", "李娜").await;
        let resident = stage.resident(person).await;
        let event = announced(&world, &stage, json!({})).await;
        let foreign = sign_up_for(&stage.desk, &event, (unit, stranger), 0).await;
        assert_eq!((foreign.code(), foreign.field()), ("INVALID", "personId"));
        let other = stage.resident(stranger).await;
        let theirs = sign_up_for(&other, &event, (unit, person), 0).await;
        assert_eq!(theirs.code(), "NOT_FOUND");
        let far = stage.company.staff_in_zone("PO", stage.estate, vec![stage.id()]).await;
        let farther = sign_up_for(&far, &event, (unit, person), 0).await;
        assert_eq!(farther.code(), "NOT_FOUND");
        let gone = only(sign_up_for(&stage.desk, &event, (unit, person), 0).await);
        assert!(has(&resident, "You are signed up").await);
        assert_eq!(give_back(&far, &gone).await.code(), "NOT_FOUND");
        assert_eq!(only(give_back(&stage.desk, &gone).await)["state"], "CANCELLED");
        assert!(has(&resident, "Your place was given back").await);
        let place = only(sign_up_for(&stage.desk, &event, (unit, person), 2).await);
        assert_eq!(guest(&stage.desk, &place, None).await.code(), "CONFLICT", "too early");
        world.clock.set("2026-09-25T10:00:00Z".parse().unwrap());
        for (who, code) in [(&far, "NOT_FOUND"), (&resident, "NOT_FOUND")] {
            assert_eq!(guest(who, &place, None).await.code(), code);
        }
        let many = guest(&stage.desk, &place, Some(4)).await;
        assert_eq!((many.code(), many.field()), ("INVALID", "present"));
        let came = only(guest(&stage.desk, &place, Some(1)).await);
        assert_eq!((&came["state"], &came["present"]), (&json!("ATTENDED"), &json!(1)));
        // The companions come later.
        let all = only(guest(&stage.desk, &came, Some(3)).await);
        assert_eq!(all["present"], 3);
        assert_eq!(undo(&stage.desk, &came, "点错人").await.code(), "CONFLICT", "read before");
        let empty = undo(&stage.desk, &all, "").await;
        assert_eq!((empty.code(), empty.field()), ("INVALID", "reason"));
        let back = only(undo(&stage.desk, &all, "点错人").await);
        assert_eq!((&back["state"], &back["present"]), (&json!("CONFIRMED"), &json!(0)));
        assert_eq!(undo(&stage.desk, &back, "再次").await.code(), "CONFLICT");
        let now = reread(&stage.desk, &event).await;
        let early = step(&stage.supervisor, "hold", &now, json!({})).await;
        assert_eq!(early.code(), "CONFLICT", "it is not over");
    });
}

#[test]
fn another_plan_is_approved_anew_and_who_approves_exceeds_the_budget() {
    run(async {
        let world = own_world("2026-09-10T01:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let mut event = only(plan(&stage.supervisor, planned(&stage, json!({}))).await);
        event = only(step(&stage.supervisor, "propose", &event, json!({})).await);
        event = only(step(&stage.director, "approve", &event, json!({})).await);
        let more = json!({ "eventId": event["id"], "expectedVersion": event["version"],
            "capacity": 200 });
        event = only(plan(&stage.supervisor, planned(&stage, more)).await);
        assert_eq!((&event["state"], &event["approvedBy"]), (&json!("PLANNED"), &Value::Null));
        let early = step(&stage.supervisor, "announce", &event, json!({})).await;
        assert_eq!(early.code(), "CONFLICT");
        event = only(step(&stage.supervisor, "propose", &event, json!({})).await);
        event = only(step(&stage.director, "approve", &event, json!({})).await);
        world.clock.set("2026-09-25T01:00:00Z".parse().unwrap());
        only(spend(&stage.supervisor, &event, "PRIZES", "5999.00").await);
        let over = spend(&stage.supervisor, &event, "FOOD", "1.01").await;
        assert_eq!(over.code(), "FORBIDDEN");
        only(spend(&stage.supervisor, &event, "FOOD", "1.00").await);
        only(spend(&stage.director, &event, "FOOD", "500.00").await);
        assert_eq!(spend(&stage.desk, &event, "FOOD", "1.00").await.code(), "FORBIDDEN");
        // What was spent keeps its line.
        let now = reread(&stage.supervisor, &event).await;
        let without = json!({ "eventId": now["id"], "expectedVersion": now["version"],
            "startsAt": "2026-10-25T11:00:00Z", "endsAt": "2026-10-25T13:00:00Z",
            "budget": [{ "code": "MUSIC", "name": "音乐", "amount": "10.00" }] });
        let lost = plan(&stage.supervisor, planned(&stage, without)).await;
        assert_eq!((lost.code(), lost.field()), ("INVALID", "budget"));
    });
}

#[test]
fn an_announced_event_is_moved_or_enlarged_and_who_signed_up_is_told() {
    run(async {
        let world = own_world("2026-09-10T01:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let people = neighbours(&stage, 3, 1).await;
        let event = announced(&world, &stage, json!({ "capacity": 1 })).await;
        for (who, unit) in &people[..2] {
            only(sign_up(who, &event, *unit, 0).await);
        }
        world.clock.set("2026-09-24T11:00:01Z".parse().unwrap());
        let comes = &people[0].0;
        eventually("who comes is reminded", || async { has(comes, "Tomorrow").await }).await;
        let rain = json!({ "startsAt": "2026-09-27T11:00:00Z", "endsAt": "2026-09-27T13:00:00Z",
            "capacity": 2, "reason": "暴雨改期" });
        let with = |more: Value| {
            let mut rain = rain.clone();
            rain.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            rain
        };
        for (more, field) in [
            (json!({ "capacity": 0 }), "capacity"),
            (json!({ "endsAt": "2026-09-27T10:00:00Z" }), "endsAt"),
            (json!({ "startsAt": "2026-09-24T11:00:00Z" }), "startsAt"),
            (json!({ "place": " " }), "place"),
            (json!({ "reason": "" }), "reason"),
        ] {
            let wrong = step(&stage.supervisor, "reschedule", &event, with(more)).await;
            assert_eq!((wrong.code(), wrong.field()), ("INVALID", field));
        }
        let same = json!({ "reason": "没有变化" });
        let wrong = step(&stage.supervisor, "reschedule", &event, same).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "startsAt"));
        for (who, code) in [(&stage.director, "FORBIDDEN"), (comes, "NOT_FOUND")] {
            assert_eq!(step(who, "reschedule", &event, rain.clone()).await.code(), code);
        }
        let moved = only(step(&stage.supervisor, "reschedule", &event, rain.clone()).await);
        assert_eq!(moved["figures"]["confirmed"], 2);
        for (who, _) in &people[..2] {
            assert!(has(who, "The event has changed").await);
        }
        assert!(has(&people[1].0, "You have a place at the event").await);
        assert!(!has(&people[2].0, "The event has changed").await, "who did not sign up");
        assert_eq!(step(&stage.supervisor, "reschedule", &event, rain).await.code(), "CONFLICT");
        // Both are reminded of the new day.
        world.clock.set("2026-09-26T11:00:01Z".parse().unwrap());
        eventually("who moved up is reminded", || async { has(&people[1].0, "Tomorrow").await })
            .await;
        let twice = || async { titles(comes).await.iter().filter(|it| *it == "Tomorrow").count() };
        eventually("and who was reminded before", || async { twice().await == 2 }).await;
        world.clock.set("2026-09-27T11:00:00Z".parse().unwrap());
        let late = json!({ "endsAt": "2026-09-27T14:00:00Z", "reason": "延长" });
        assert_eq!(step(&stage.supervisor, "reschedule", &moved, late).await.code(), "CONFLICT");
    });
}
