//! The board through the graph.

use crate::{
    attachments::tests::{attach, uploaded},
    complaints::tests::{done, input, new},
    contacts::tests::logged,
    testing::{Stage, own_world, world},
    work_orders::tests::{act, order_of, report},
};
use futures::{StreamExt as _, stream::BoxStream};
use serde_json::{Value, json};
use std::time::Duration;
use testkit::{Answer, Signed, run};

const BOARD: &str = "subscription($estate: ID!, $after: String) {
    deskChanges(estateId: $estate, after: $after) { position objectId action } }";

fn listen(stage: &Stage, who: &Signed, after: Option<&str>) -> BoxStream<'static, Answer> {
    let variables = json!({ "estate": stage.estate.to_string(), "after": after });
    who.listen("service-desk", BOARD, variables)
}

async fn heard(board: &mut BoxStream<'static, Answer>) -> Option<Answer> {
    tokio::time::timeout(Duration::from_secs(20), board.next()).await.expect("something is heard")
}

async fn change(board: &mut BoxStream<'static, Answer>) -> Value {
    heard(board).await.expect("it goes on").ok()["deskChanges"].take()
}

/// Somebody who takes work, and goes on duty or off.
async fn duty(stage: &Stage, on: bool) {
    let save = "mutation($input: SaveResponderInput!) { saveResponder(input: $input) { responder { level } } }";
    let (estate, staff) = (stage.estate.to_string(), stage.engineer.user.to_string());
    let input = json!({ "estateId": estate, "staffId": staff, "level": "STAFF", "skills": [], "buildingIds": [] });
    stage.supervisor.send("service-desk", save, json!({ "input": input })).await.ok();
    let set = "mutation($input: SetDutyInput!) { setDuty(input: $input) { responder { level } } }";
    let input = json!({ "estateId": estate, "staffId": staff, "onDuty": on });
    stage.supervisor.send("service-desk", set, json!({ "input": input })).await.ok();
}

#[test]
fn what_is_done_is_heard_in_order_and_a_break_loses_nothing() {
    run(async {
        let stage = Stage::new().await;
        let mut board = listen(&stage, &stage.desk, Some("0"));
        duty(&stage, true).await;
        let first = change(&mut board).await;
        assert_eq!(first["action"], "responder.saved");
        assert_eq!(first["objectId"], stage.engineer.user.to_string());
        assert_eq!(change(&mut board).await["action"], "responder.duty_set");
        drop(board);
        duty(&stage, false).await;
        let mut again = listen(&stage, &stage.desk, first["position"].as_str());
        let mut actions = Vec::new();
        for _ in 0..3 {
            actions.push(change(&mut again).await["action"].take());
        }
        assert_eq!(actions, ["responder.duty_set", "responder.saved", "responder.duty_set"]);
    });
}

#[test]
fn who_listens_from_now_on_hears_nothing_old() {
    run(async {
        let stage = Stage::new().await;
        duty(&stage, true).await;
        let db = world().await.db("service-desk").clone();
        testkit::eventually("every event has its place", || async {
            let last = db.worker().place_events().await.unwrap();
            db.worker().last_position().await.unwrap() == last
        })
        .await;
        let before = db.worker().last_position().await.unwrap();
        let mut board = listen(&stage, &stage.desk, None);
        let heard = loop {
            tokio::select! {
                heard = change(&mut board) => break heard,
                () = duty(&stage, false) => {}
            }
        };
        let position: i64 = heard["position"].as_str().unwrap().parse().unwrap();
        assert!(position > before, "{position} after {before}");
    });
}

#[test]
fn a_stranger_cannot_listen_and_a_right_that_is_taken_away_ends_it() {
    run(async {
        let stage = Stage::new().await;
        let strangers = Stage::new().await;
        let refused = heard(&mut listen(&stage, &strangers.desk, None)).await.unwrap();
        assert_eq!(refused.code(), "NOT_FOUND");
        let wrong = heard(&mut listen(&stage, &stage.desk, Some("soon"))).await.unwrap();
        assert_eq!((wrong.code(), wrong.field()), ("INVALID", "after"));
        let mut board = listen(&stage, &stage.desk, Some("0"));
        duty(&stage, true).await;
        change(&mut board).await;
        let desk = stage.desk.user.as_uuid();
        stage.company.change_policy(|policy| policy.grants.retain(|one| one.user != desk)).await;
        while heard(&mut board).await.is_some() {}
        let refused = heard(&mut listen(&stage, &stage.desk, None)).await.unwrap();
        assert_eq!(refused.code(), "NOT_FOUND");
    });
}

/// What is heard from the beginning up to something of this id, without that.
async fn until(stage: &Stage, who: &Signed, last: &Value) -> Vec<(Value, String)> {
    let mut board = listen(stage, who, Some("0"));
    let mut all = Vec::new();
    loop {
        let mut heard = change(&mut board).await;
        let thing = heard["objectId"].take();
        if thing == *last {
            return all;
        }
        all.push((thing, heard["action"].as_str().unwrap().to_owned()));
    }
}

/// Something reported from a unit, by whoever may.
async fn order(stage: &Stage, who: &Signed, unit: contracts::UnitId, key: &str) -> Value {
    let made = act(who, "createWorkOrder", report(stage, Some(unit), "WATER_TAP", key)).await;
    order_of(made)["id"].take()
}

#[test]
fn residents_hear_that_something_of_theirs_changed_and_of_nobody_elses() {
    run(async {
        let stage = Stage::new().await;
        let (home, owner) = stage.home("6-2-0801", "王芳").await;
        let (next_home, neighbour) = stage.home("6-2-0802", "李强").await;
        let (owner, neighbour) = (stage.resident(owner).await, stage.resident(neighbour).await);
        let complaint = new(
            &stage,
            json!({ "channel": "APP", "complainantName": null,
            "unitId": home.to_string() }),
        );
        let it = done(&owner, "receiveComplaint", complaint).await;
        let words = json!({ "words": "已收到，马上核实" });
        let it = done(&stage.desk, "respondToComplaint", input(&it, words)).await;
        done(&stage.director, "gradeComplaint", input(&it, json!({ "ground": "REST" }))).await;
        let own = order(&stage, &owner, home, "order-0001").await;
        let theirs = order(&stage, &neighbour, next_home, "order-0002").await;
        let changed = (it["id"].clone(), "complaint.changed".to_owned());
        assert_eq!(until(&stage, &owner, &own).await, vec![changed; 3]);
        assert_eq!(until(&stage, &neighbour, &theirs).await, []);
        let of_staff = until(&stage, &stage.supervisor, &own).await;
        let acts: Vec<_> = of_staff.iter().map(|(_, act)| act.as_str()).collect();
        assert_eq!(acts, ["complaint.received", "complaint.first_responded", "complaint.graded"]);
    });
}

#[test]
fn an_officer_hears_of_their_buildings_and_nobody_of_another_estate() {
    run(async {
        let stage = Stage::new().await;
        let (home, _) = stage.home("6-2-0801", "王芳").await;
        let (other_building, other_home) = (stage.id(), contracts::UnitId::from_uuid(stage.id()));
        stage.unit(other_home, contracts::BuildingId::from_uuid(other_building), "7-1-0101").await;
        let zone = vec![stage.building.as_uuid()];
        let officer = stage.company.staff_in_zone("PO", stage.estate, zone).await;
        let elsewhere = order(&stage, &stage.desk, other_home, "order-0001").await;
        let here = order(&stage, &stage.desk, home, "order-0002").await;
        assert_eq!(until(&stage, &officer, &here).await, []);
        let all = until(&stage, &stage.desk, &here).await;
        assert!(all.iter().any(|(thing, _)| *thing == elsewhere), "{all:?}");
        let next_door = stage.company.estate("LSY", "绿树园").await;
        let colleague = stage.company.staff("DESK", next_door).await;
        let refused = heard(&mut listen(&stage, &colleague, None)).await.unwrap();
        assert_eq!(refused.code(), "NOT_FOUND");
    });
}

#[test]
fn a_photo_and_an_outage_are_heard_by_whoever_sees_them() {
    run(async {
        let stage = Stage::new().await;
        let (home, owner) = stage.home("6-2-0801", "王芳").await;
        let owner = stage.resident(owner).await;
        let (next_home, neighbour) = stage.home("6-2-0802", "李强").await;
        let neighbour = stage.resident(neighbour).await;
        let first = order(&stage, &owner, home, "order-0001").await;
        let file = uploaded(&stage, &owner, "a.csv", b"a,b").await;
        let mut made = attach(&owner, &first, &file, "attach-001").await.ok();
        let photo = made["attach"]["attachment"]["id"].take();
        let outage = json!({ "estateId": stage.estate.to_string(), "category": "POWER",
            "messageZh": "检修", "messageEn": "Repaired", "buildingIds": [], "unitIds": [],
            "idempotencyKey": "power-001" });
        let report = "mutation($input: ReportIncidentInput!) {
            reportIncident(input: $input) { incident { id } } }";
        let report = stage.desk.send("service-desk", report, json!({ "input": outage }));
        let incident = report.await.ok()["reportIncident"]["incident"]["id"].take();
        let last = order(&stage, &owner, home, "order-0002").await;
        let of = |all: Vec<(Value, String)>, thing: &Value| {
            all.into_iter().filter(|(one, _)| one == thing).map(|(_, act)| act).collect::<Vec<_>>()
        };
        let desks = until(&stage, &stage.desk, &last).await;
        assert_eq!(of(desks.clone(), &photo), ["attachment.added"]);
        assert_eq!(of(desks, &incident), ["incident.reported"]);
        let owners = until(&stage, &owner, &last).await;
        assert_eq!(of(owners.clone(), &photo), ["attachment.changed"]);
        assert_eq!(of(owners, &incident), Vec::<String>::new());
        let theirs = order(&stage, &neighbour, next_home, "order-0003").await;
        assert_eq!(until(&stage, &neighbour, &theirs).await, []);
    });
}

/// Somebody answers for the estate at a level.
async fn leader(stage: &Stage, who: &Signed, level: &str) {
    let save = "mutation($input: SaveResponderInput!) { saveResponder(input: $input) { responder { level } } }";
    let input = json!({ "estateId": stage.estate.to_string(), "staffId": who.user.to_string(),
        "level": level, "skills": [], "buildingIds": [] });
    stage.director.send("service-desk", save, json!({ "input": input })).await.ok();
}

/// What somebody hears of one thing, from the beginning up to a call that they may see.
async fn of(stage: &Stage, who: &Signed, thing: &Value, last: &Value) -> Vec<String> {
    let all = until(stage, who, last).await;
    all.into_iter().filter(|(one, _)| one == thing).map(|(_, act)| act).collect()
}

#[test]
fn a_promise_in_danger_is_heard_once_by_staff_and_never_by_whom_the_complaint_is_about() {
    run(async {
        let world = own_world("2026-07-31T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        leader(&stage, &stage.supervisor, "SUPERVISOR").await;
        leader(&stage, &stage.director, "DIRECTOR").await;
        let (unit, person) = stage.home("6-2-0801", "张三").await;
        let resident = stage.resident(person).await;
        let about = json!({ "complainantId": person.to_string(), "unitId": unit.to_string(),
            "complainantName": null, "aboutStaffIds": [stage.supervisor.user.to_string()] });
        let it = done(&stage.desk, "receiveComplaint", new(&stage, about)).await;
        world.clock.advance(chrono::Duration::minutes(16));
        // The only supervisor is whom it is about, so that the next level hears, and at once.
        let text = "query($estate: ID!, $mine: Boolean!) {
            slaEscalations(estateId: $estate, mine: $mine) { nodes { target percent } } }";
        let told = |who: Signed, mine: bool| {
            let ask = json!({ "estate": stage.estate.to_string(), "mine": mine });
            async move {
                let answer = who.send("service-desk", text, ask).await.ok();
                answer["slaEscalations"]["nodes"].as_array().unwrap().len()
            }
        };
        testkit::eventually("the director is told twice", || async {
            told(stage.director.clone(), true).await == 2
        })
        .await;
        for mine in [true, false] {
            assert_eq!(told(stage.supervisor.clone(), mine).await, 0);
        }
        let call = json!({ "unitId": unit.to_string(), "personId": person.to_string() });
        let last = logged(&stage, &stage.desk, call).await["id"].take();
        let received = "complaint.received";
        for colleague in [&stage.desk, &stage.director] {
            let heard = of(&stage, colleague, &it["id"], &last).await;
            assert_eq!(heard, [received, "sla.warned", "sla.breached"]);
        }
        assert_eq!(of(&stage, &stage.supervisor, &it["id"], &last).await, [""; 0]);
        assert_eq!(of(&stage, &resident, &it["id"], &last).await, ["complaint.changed"]);
    });
}
