//! Community events through the graph: the handbook's scenario 13.

use crate::{
    revisits,
    special_services::tests::key,
    testing::{Stage, own_world},
};
use contracts::{PersonId, UnitId, residents::MemberKind};
use futures::future::join_all;
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Answer, Signed, World, run};

const EVENT: &str = "id state version placesLeft waitlisted year
    budget { code amount { amount } spent { amount } } proposedBy { name } approvedBy { name }
    mySignUp { id state } report { summary }
    figures { signedUp confirmed waitlisted attended attendancePercent budget { amount }
        spent { amount } spentPercent costPerAttender { amount } revisits }";

pub(super) const PLACE: &str =
    "id state number personName unitLabel companions version ticket present";

pub(super) async fn send(who: &Signed, field: &str, input: Value, answer: &str) -> Answer {
    let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
    let text = format!("mutation($input: {kind}!) {{ {field}(input: $input) {{ {answer} }} }}");
    who.send("service-desk", &text, json!({ "input": input })).await
}

pub(crate) fn only(answer: Answer) -> Value {
    let data = answer.ok();
    let (_, payload) = data.as_object().unwrap().iter().next().unwrap();
    payload.as_object().unwrap().iter().next().unwrap().1.clone()
}

/// An input to plan the mid-autumn event of 25 September, with some of it otherwise.
pub(crate) fn planned(stage: &Stage, change: Value) -> Value {
    let mut input = json!({
        "estateId": stage.estate.to_string(), "titleZh": "中秋游园会", "titleEn": "Mid-autumn fair",
        "goal": "邻里交流", "place": "中心花园", "startsAt": "2026-09-25T11:00:00Z",
        "endsAt": "2026-09-25T13:00:00Z", "capacity": 120, "opensAt": "2026-09-15T01:00:00Z",
        "closesAt": "2026-09-24T10:00:00Z", "mostCompanions": 3, "safetyPlan": "保安 6 人，急救箱",
        "budget": [{ "code": "PRIZES", "name": "奖品", "amount": "4000.00" },
            { "code": "FOOD", "name": "月饼", "amount": "2000.00" }],
        "idempotencyKey": key(),
    });
    for (name, value) in change.as_object().unwrap() {
        input[name] = value.clone();
    }
    input
}

pub(crate) async fn plan(who: &Signed, input: Value) -> Answer {
    send(who, "planCommunityEvent", input, &format!("communityEvent {{ {EVENT} }}")).await
}

pub(super) async fn step(who: &Signed, name: &str, event: &Value, more: Value) -> Answer {
    let mut input = json!({ "eventId": event["id"], "expectedVersion": event["version"],
        "idempotencyKey": key() });
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    let answer = format!("communityEvent {{ {EVENT} }}");
    send(who, &format!("{name}CommunityEvent"), input, &answer).await
}

pub(crate) async fn sign_up(who: &Signed, event: &Value, unit: UnitId, companions: u32) -> Answer {
    let input = json!({ "eventId": event["id"], "unitId": unit.to_string(), "photoConsent": true,
        "companions": companions, "idempotencyKey": key() });
    send(who, "signUpForEvent", input, &format!("eventSignUp {{ {PLACE} }}")).await
}

pub(super) async fn give_back(who: &Signed, place: &Value) -> Answer {
    let input = json!({ "signUpId": place["id"], "expectedVersion": place["version"],
        "idempotencyKey": key() });
    send(who, "giveBackEventPlace", input, &format!("eventSignUp {{ {PLACE} }}")).await
}

pub(super) async fn check_in(
    who: &Signed,
    stage: &Stage,
    code: &Value,
    present: Option<u32>,
) -> Answer {
    let input = json!({ "estateId": stage.estate.to_string(), "code": code, "present": present });
    send(who, "checkInEventTicket", input, &format!("eventSignUp {{ {PLACE} }}")).await
}

async fn read(who: &Signed, event: &Value) -> Answer {
    let text = format!("query($id: ID!) {{ communityEvent(id: $id) {{ {EVENT} }} }}");
    who.send("service-desk", &text, json!({ "id": event["id"] })).await
}

pub(super) async fn reread(who: &Signed, event: &Value) -> Value {
    read(who, event).await.ok()["communityEvent"].take()
}

pub(super) async fn spend(who: &Signed, event: &Value, line: &str, amount: &str) -> Answer {
    let input = json!({ "eventId": event["id"], "lineCode": line, "amount": amount,
        "on": "2026-09-25", "what": "采购", "idempotencyKey": key() });
    send(who, "noteEventExpense", input, &format!("communityEvent {{ {EVENT} }}")).await
}

/// The event, planned on 10 September, approved and announced; registration is open.
pub(crate) async fn announced(world: &Arc<World>, stage: &Stage, change: Value) -> Value {
    let mut event = only(plan(&stage.supervisor, planned(stage, change)).await);
    event = only(step(&stage.supervisor, "propose", &event, json!({})).await);
    event = only(step(&stage.director, "approve", &event, json!({})).await);
    event = only(step(&stage.supervisor, "announce", &event, json!({})).await);
    world.clock.set("2026-09-16T01:00:00Z".parse().unwrap());
    event
}

/// So many homes of building 6 with so many people each, all of them signed in.
pub(super) async fn neighbours(
    stage: &Stage,
    homes: usize,
    people: usize,
) -> Vec<(Signed, UnitId)> {
    let mut all = Vec::new();
    for home in 0..homes {
        let unit = UnitId::from_uuid(stage.id());
        stage.unit(unit, stage.building, &format!("6-1-{:04}", 100 * home + 1)).await;
        let persons: Vec<PersonId> = (0..people).map(|_| stage.person()).collect();
        let members: Vec<_> =
            persons.iter().map(|person| (*person, "王芳", MemberKind::Family)).collect();
        stage.belongs(unit, &members).await;
        for person in persons {
            all.push((stage.resident(person).await, unit));
        }
    }
    all
}

#[test]
fn scenario_13_132_sign_up_for_120_places_and_103_come() {
    run(async {
        let world = own_world("2026-09-10T01:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let event = announced(&world, &stage, json!({})).await;
        assert_eq!((&event["state"], &event["year"]), (&json!("ANNOUNCED"), &json!(2026)));
        let people = neighbours(&stage, 12, 11).await;
        let mut places = Vec::new();
        for (who, unit) in &people {
            places.push(only(sign_up(who, &event, *unit, 0).await));
        }
        let waiting = places.iter().filter(|place| place["state"] == "WAITLISTED").count();
        assert_eq!((places.len(), waiting), (132, 12));
        assert!(places[..120].iter().all(|place| place["ticket"].is_string()));
        assert_eq!(places[120]["ticket"], Value::Null);
        let now = reread(&stage.desk, &event).await;
        assert_eq!((&now["state"], &now["placesLeft"]), (&json!("REGISTERING"), &json!(0)));
        world.clock.set("2026-09-25T10:00:00Z".parse().unwrap());
        for place in &places[..103] {
            let came = only(check_in(&stage.desk, &stage, &place["ticket"], None).await);
            assert_eq!((&came["state"], &came["personName"]), (&json!("ATTENDED"), &json!("王*")));
        }
        // Showing a ticket again changes nothing.
        only(check_in(&stage.desk, &stage, &places[0]["ticket"], None).await);
        for (line, amount) in [("PRIZES", "3800.00"), ("FOOD", "1912.50"), ("FOOD", "-100.00")] {
            only(spend(&stage.supervisor, &event, line, amount).await);
        }
        world.clock.set("2026-09-25T13:00:00Z".parse().unwrap());
        let held = only(step(&stage.supervisor, "hold", &now, json!({})).await);
        assert_eq!(
            held["figures"],
            json!({ "signedUp": 132, "confirmed": 120, "waitlisted": 12, "attended": 103,
                "attendancePercent": "85.83", "budget": { "amount": "6000.00" },
                "spent": { "amount": "5612.50" }, "spentPercent": "93.54",
                "costPerAttender": { "amount": "54.49" }, "revisits": 11 })
        );
        assert_eq!(held["budget"][1]["spent"]["amount"], "1812.50");
        let report =
            json!({ "summary": "103 人参加", "effect": "邻里熟络", "lessons": "增加座椅" });
        let told = only(step(&stage.supervisor, "summarise", &held, report).await);
        let over = only(step(&stage.supervisor, "archive", &told, json!({})).await);
        assert_eq!(over["state"], "ARCHIVED");
        let seen = reread(&people[0].0, &over).await;
        assert_eq!(
            (&seen["report"]["summary"], &seen["figures"]),
            (&json!("103 人参加"), &Value::Null)
        );
        assert_eq!(seen["mySignUp"]["state"], "ATTENDED");
        assert_eq!(reread(&people[110].0, &over).await["mySignUp"]["state"], "NO_SHOW");
        // When the month is over, 11 of the 103 are drawn to be asked.
        world.clock.set("2026-10-02T01:00:00Z".parse().unwrap());
        let quality = stage.company.staff("QA", None).await;
        let month = json!({ "estateId": stage.estate.to_string(), "source": "COMMUNITY_EVENT",
            "month": "2026-09" });
        let draw = only(send(&quality, "drawRevisits", month, "draw { candidates chosen }").await);
        assert_eq!(draw, json!({ "candidates": 103, "chosen": 11 }));
        let of = json!({ "source": "COMMUNITY_EVENT" });
        let asked = revisits::tests::listed(&stage, &stage.desk, of).await;
        // Within a month of the event.
        assert_eq!(asked.len(), 11);
        assert!(asked.iter().all(|one| one["dueAt"] == "2026-10-25T13:00:00+00:00"), "{asked:?}");
    });
}

#[test]
fn many_at_once_never_exceed_the_capacity_and_whoever_waits_moves_up_in_order() {
    run(async {
        let world = own_world("2026-09-10T01:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let event = announced(&world, &stage, json!({ "capacity": 10 })).await;
        let people = neighbours(&stage, 5, 6).await;
        let all = people.iter().map(|(who, unit)| sign_up(who, &event, *unit, 0));
        let places: Vec<Value> = join_all(all).await.into_iter().map(only).collect();
        let state = |name: &str| {
            let of: Vec<usize> = (0..30).filter(|at| places[*at]["state"] == name).collect();
            of
        };
        let (confirmed, mut waiting) = (state("CONFIRMED"), state("WAITLISTED"));
        assert_eq!((confirmed.len(), waiting.len()), (10, 20));
        // Four give their places back at once: the first four of the queue have them.
        let back = confirmed[..4].iter().map(|at| give_back(&people[*at].0, &places[*at]));
        for answer in join_all(back).await {
            assert_eq!(only(answer)["state"], "CANCELLED");
        }
        waiting.sort_by_key(|at| places[*at]["number"].as_i64());
        for (turn, at) in waiting.iter().enumerate() {
            let now = reread(&people[*at].0, &event).await;
            let expected = if turn < 4 { "CONFIRMED" } else { "WAITLISTED" };
            assert_eq!(now["mySignUp"]["state"], expected, "{turn}");
        }
        let now = reread(&stage.desk, &event).await;
        assert_eq!((&now["figures"]["confirmed"], &now["waitlisted"]), (&json!(10), &json!(16)));
    });
}

#[test]
fn companions_take_places_and_nobody_overtakes_in_the_queue() {
    run(async {
        let world = own_world("2026-09-10T01:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let event = announced(&world, &stage, json!({ "capacity": 5 })).await;
        let people = neighbours(&stage, 1, 4).await;
        let come = |at: usize, more| sign_up(&people[at].0, &event, people[at].1, more);
        let many = come(0, 4).await;
        assert_eq!((many.code(), many.field()), ("INVALID", "companions"));
        let first = only(come(0, 3).await);
        assert_eq!(only(come(1, 1).await)["state"], "WAITLISTED");
        // One place is left, but somebody waits already.
        let third = only(come(2, 0).await);
        assert_eq!((&third["state"], &third["number"]), (&json!("WAITLISTED"), &json!(3)));
        assert_eq!(come(0, 0).await.code(), "CONFLICT");
        only(give_back(&people[0].0, &first).await);
        assert_eq!(give_back(&people[0].0, &first).await.code(), "CONFLICT");
        let now = reread(&stage.desk, &event).await;
        assert_eq!((&now["placesLeft"], &now["waitlisted"]), (&json!(2), &json!(0)));
        // Who gave it back may come again, at the end.
        assert_eq!(only(come(0, 1).await)["number"], 4);
        assert_eq!(only(come(3, 0).await)["state"], "WAITLISTED");
        world.clock.set("2026-09-25T09:30:00Z".parse().unwrap());
        let text =
            "query($id: ID!) { communityEvent(id: $id) { signUps { nodes { ticket state } } } }";
        let ask = json!({ "id": event["id"] });
        let own = people[1].0.send("service-desk", text, ask).await.ok();
        let own = own["communityEvent"]["signUps"]["nodes"].as_array().unwrap().clone();
        assert_eq!(own.len(), 1);
        let wrong = check_in(&stage.desk, &stage, &own[0]["ticket"], Some(3)).await;
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "present"));
        let came = only(check_in(&stage.desk, &stage, &own[0]["ticket"], Some(1)).await);
        assert_eq!((&came["present"], &came["companions"]), (&json!(1), &json!(1)));
    });
}

#[test]
fn a_forged_or_foreign_ticket_is_none_and_residents_come_for_themselves() {
    run(async {
        let world = own_world("2026-09-10T01:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let event = announced(&world, &stage, json!({})).await;
        let people = neighbours(&stage, 2, 1).await;
        let (resident, unit) = (&people[0].0, people[0].1);
        assert_eq!(sign_up(resident, &event, people[1].1, 0).await.code(), "NOT_FOUND");
        let whom = sign_up(&stage.desk, &event, unit, 0).await;
        assert_eq!((whom.code(), whom.field()), ("INVALID", "personId"));
        assert_eq!(sign_up(&stage.director, &event, unit, 0).await.code(), "FORBIDDEN");
        let place = only(sign_up(resident, &event, unit, 0).await);
        assert_eq!(give_back(&people[1].0, &place).await.code(), "NOT_FOUND");
        let early = check_in(&stage.desk, &stage, &place["ticket"], None).await;
        assert_eq!(early.code(), "CONFLICT");
        world.clock.set("2026-09-25T10:00:00Z".parse().unwrap());
        let late = sign_up(&people[1].0, &event, people[1].1, 0).await;
        assert_eq!(late.code(), "CONFLICT");
        let code = place["ticket"].as_str().unwrap();
        let (id, signature) = code.split_once('.').unwrap();
        let turned: String = signature.chars().rev().collect();
        for forged in [format!("{id}.{turned}"), id.to_owned(), format!("{id}."), "x".to_owned()] {
            let refused = check_in(&stage.desk, &stage, &json!(forged), None).await;
            assert_eq!(refused.code(), "NOT_FOUND");
        }
        let strangers = Stage::in_world(&world).await;
        let other = stage.company.estate("TWO", "另一个小区").await;
        let elsewhere = stage.company.staff("DESK", other).await;
        let input = json!({ "estateId": other.to_string(), "code": code });
        let answer = format!("eventSignUp {{ {PLACE} }}");
        let foreign = send(&elsewhere, "checkInEventTicket", input, &answer).await;
        assert_eq!(foreign.code(), "NOT_FOUND");
        assert_eq!(check_in(&strangers.desk, &stage, &json!(code), None).await.code(), "NOT_FOUND");
        assert_eq!(
            check_in(&strangers.desk, &strangers, &json!(code), None).await.code(),
            "NOT_FOUND"
        );
        assert_eq!(check_in(resident, &stage, &json!(code), None).await.code(), "NOT_FOUND");
        let officer = |zone| stage.company.staff_in_zone("PO", stage.estate, zone);
        let far = officer(vec![stage.id()]).await;
        assert_eq!(check_in(&far, &stage, &json!(code), None).await.code(), "NOT_FOUND");
        let near = officer(vec![stage.building.as_uuid()]).await;
        assert_eq!(only(check_in(&near, &stage, &json!(code), None).await)["state"], "ATTENDED");
        let used = give_back(resident, &json!({ "id": place["id"], "version": 2 })).await;
        assert_eq!(used.code(), "CONFLICT");
    });
}

#[test]
fn an_event_is_approved_by_another_person_and_hidden_until_it_is_announced() {
    run(async {
        let world = own_world("2026-09-10T01:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let people = neighbours(&stage, 1, 1).await;
        let input = planned(&stage, json!({}));
        let event = only(plan(&stage.supervisor, input.clone()).await);
        assert_eq!(only(plan(&stage.supervisor, input).await)["id"], event["id"]);
        assert_eq!(plan(&stage.director, planned(&stage, json!({}))).await.code(), "FORBIDDEN");
        for (change, field) in [
            (json!({ "capacity": 0 }), "capacity"),
            (json!({ "budget": [] }), "budget"),
            (json!({ "endsAt": "2026-09-25T10:00:00Z" }), "endsAt"),
            (json!({ "startsAt": "2026-09-09T10:00:00Z" }), "startsAt"),
        ] {
            let wrong = plan(&stage.supervisor, planned(&stage, change)).await;
            assert_eq!((wrong.code(), wrong.field()), ("INVALID", field));
        }
        let strangers = Stage::in_world(&world).await;
        for who in [&people[0].0, &strangers.supervisor] {
            assert_eq!(read(who, &event).await.code(), "NOT_FOUND");
        }
        // Nobody approves what they proposed, whatever roles they have.
        let both = stage.company.staff("SUP", stage.estate).await;
        world.identity.grant(stage.company.tenant, both.user, |user| authz::Grant {
            user,
            role: "DIR".to_owned(),
            estate: Some(stage.estate),
            zone: Vec::new(),
        });
        stage.company.change_policy(|_| {}).await;
        let proposed = only(step(&both, "propose", &event, json!({})).await);
        assert_eq!(step(&both, "approve", &proposed, json!({})).await.code(), "FORBIDDEN");
        assert_eq!(
            step(&stage.supervisor, "approve", &proposed, json!({})).await.code(),
            "FORBIDDEN"
        );
        let why = json!({ "reason": "预算过高" });
        let back = only(step(&stage.director, "return", &proposed, why).await);
        assert_eq!(back["state"], "PLANNED");
        assert_eq!(
            step(&stage.supervisor, "propose", &proposed, json!({})).await.code(),
            "CONFLICT"
        );
        let cheaper = json!({ "eventId": back["id"], "expectedVersion": back["version"],
            "capacity": 60 });
        let back = only(plan(&stage.supervisor, planned(&stage, cheaper)).await);
        let proposed = only(step(&stage.supervisor, "propose", &back, json!({})).await);
        let approved = only(step(&stage.director, "approve", &proposed, json!({})).await);
        assert_eq!(approved["approvedBy"]["name"], "周主任");
        assert_eq!(read(&people[0].0, &approved).await.code(), "NOT_FOUND");
        let list = "query($estate: ID!) { communityEvents(estateId: $estate, year: 2026) {
            nodes { id } } }";
        let ask = json!({ "estate": stage.estate.to_string() });
        for (who, count) in [(&people[0].0, 0), (&stage.desk, 1)] {
            let answer = who.send("service-desk", list, ask.clone()).await.ok();
            assert_eq!(answer["communityEvents"]["nodes"].as_array().unwrap().len(), count);
        }
        let told = only(step(&stage.supervisor, "announce", &approved, json!({})).await);
        let seen = reread(&people[0].0, &told).await;
        assert_eq!((&seen["budget"], &seen["proposedBy"]), (&Value::Null, &Value::Null));
        let over = spend(&stage.supervisor, &told, "FOOD", "-1.00").await;
        assert_eq!((over.code(), over.field()), ("INVALID", "amount"));
        let unknown = spend(&stage.supervisor, &told, "MUSIC", "1.00").await;
        assert_eq!((unknown.code(), unknown.field()), ("INVALID", "lineCode"));
    });
}
